package dev.godwit.worker.undo;

import dev.godwit.migration.Item;
import dev.godwit.worker.record.BeforeImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/**
 * A key at which a run has left something, and the writes of one file that have left it.
 *
 * @param key where an item is now, if one is left
 * @param images of these writes, the last first; at least one
 */
record Place(Item key, List<BeforeImage> images) {
  Place {
    images = List.copyOf(images);
  }

  /** The places of {@code images}, that of the last image first: as they are undone. */
  static List<Place> of(List<BeforeImage> images) {
    var byKey = new LinkedHashMap<Item, List<BeforeImage>>();
    for (BeforeImage image : images) {
      byKey.computeIfAbsent(image.place(), any -> new ArrayList<>()).add(image);
    }
    var places = new ArrayList<Place>();
    byKey.forEach(
        (key, ofKey) -> {
          Collections.reverse(ofKey);
          places.add(new Place(key, ofKey));
        });
    Collections.reverse(places);
    return places;
  }

  /** Where the items were that moved here. */
  List<Item> origins() {
    return images.stream()
        .flatMap(image -> image.movedTo().map(to -> image.key()).stream())
        .toList();
  }

  /** Whether one of the writes is still as it was left. */
  boolean isLeftIn(Optional<Item> now) {
    return images.stream().anyMatch(image -> image.isLeftIn(now));
  }

  /**
   * What the place holds when its writes are taken back, the last first: each if the place holds
   * what it has left, for some were not made, and others may have written since. Empty if that is
   * so of none.
   */
  Optional<Back> takenBack(Optional<Item> now) {
    var state = now;
    boolean isAny = false;
    for (BeforeImage image : images) {
      if (image.isLeftIn(state)) {
        state = image.takenBack(state);
        isAny = true;
      }
    }
    return isAny ? Optional.of(new Back(state)) : Optional.empty();
  }

  /** What there is to be, or nothing. */
  record Back(Optional<Item> item) {}

  /**
   * Whether all is as before one of the writes.
   *
   * @param before what is where an item moved here from
   * @param version an attribute that each write raises; absent for none
   */
  boolean isBack(Optional<Item> now, Optional<Item> before, Optional<String> version) {
    return images.stream().anyMatch(image -> image.isBack(now, before, version));
  }
}
