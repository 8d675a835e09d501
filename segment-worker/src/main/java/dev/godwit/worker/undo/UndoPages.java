package dev.godwit.worker.undo;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import dev.godwit.run.Tally;
import dev.godwit.run.results.BeforeImageFile;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.record.RunRecords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What is now at the places that a run has written to in one segment: file of before-images by
 * file, the last written first. Where nothing is, the item of a page is the key alone.
 *
 * <p>Its cursor names a file, and the place in it that was done last. Nothing is read ahead: an
 * item may be in several files, and is read for the next when it is written for the last.
 *
 * <p>Used by one slice. The page that was read last, and its places, are kept until the next.
 */
final class UndoPages implements PageSource {
  private static final String FILE = "file";
  private static final String AFTER = "after";

  private final RunRecords records;
  private final String run;
  private final Function<List<Item>, PageSource> byKey;
  private @Nullable List<BeforeImageFile> files;
  private @Nullable Opened opened;
  private Map<Item, Seen> seen = Map.of();

  /**
   * The places of the run {@code run}.
   *
   * @param byKey reads items by their keys, those that are there
   */
  UndoPages(RunRecords records, String run, Function<List<Item>, PageSource> byKey) {
    this.records = records;
    this.run = run;
    this.byKey = byKey;
  }

  /** A file, read. */
  private record Opened(BeforeImageFile file, List<Place> places) {}

  /**
   * A place of the page that was read last.
   *
   * @param file of its before-images
   * @param item what was there, or the key alone
   * @param isThere whether an item was there
   * @param before what was where an item has moved from
   */
  record Seen(
      Place place, BeforeImageFile file, Item item, boolean isThere, Optional<Item> before) {}

  /** What was seen at the place with this key, in the page that was read last. */
  Seen seen(Item key) {
    return Objects.requireNonNull(seen.get(key), "no place of this page");
  }

  /**
   * The same, where an item was and is no more: what is now where it has moved from.
   *
   * @throws TableUnavailable when it cannot be read in time
   */
  Seen gone(Item key) {
    var last = seen(key);
    var origins = last.place().origins();
    var reading = new Reading(last.file(), List.of());
    if (read(origins, reading) < origins.size()) {
      throw new TableUnavailable(
          "There was no time to read an item that has gone meanwhile",
          new IllegalStateException("time"));
    }
    return new Seen(last.place(), last.file(), key, false, reading.first(origins));
  }

  /** Where to go on after the place with this key, in the page that was read last. */
  Item cursorAfter(Item key) {
    return cursor(seen(key).file()).with(AFTER, Value.map(key.attributes()));
  }

  private static Item cursor(BeforeImageFile file) {
    return Item.empty().with(FILE, name(file));
  }

  private static String name(BeforeImageFile file) {
    return file.key().substring(file.key().lastIndexOf('/') + 1);
  }

  @Override
  public boolean mayReadAhead() {
    return false;
  }

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    if (files().isEmpty()) {
      return Optional.of(new Page(List.of(), 0, Optional.empty(), 0, Tally.ZERO));
    }
    int at = cursor.map(this::position).orElse(0);
    var current = open(files().get(at));
    int from = cursor.map(item -> placesDone(item, current)).orElse(0);
    int to = Math.min(current.places.size(), from + limit.orElse(Integer.MAX_VALUE));
    var wanted = current.places.subList(from, to);
    return read(wanted, current)
        .map(reading -> page(reading, current, from + reading.places.size(), at));
  }

  private Page page(Reading reading, Opened current, int done, int at) {
    seen = reading.seen();
    var items = new ArrayList<Item>();
    reading.places.forEach(place -> items.add(seen(place.key()).item()));
    Optional<Item> next =
        done < current.places.size()
            ? Optional.of(cursorAfter(current.places.get(done - 1).key()))
            : files().stream().skip(at + 1L).findFirst().map(UndoPages::cursor);
    return new Page(items, items.size(), next, reading.units, reading.throttles);
  }

  private List<BeforeImageFile> files() {
    var listed = files;
    if (listed == null) {
      listed = records.beforeImageFiles(run);
      files = listed;
    }
    return listed;
  }

  private Opened open(BeforeImageFile file) {
    var last = opened;
    if (last == null || !last.file.equals(file)) {
      last = new Opened(file, Place.of(records.beforeImages(file)));
      opened = last;
    }
    return last;
  }

  private int position(Item cursor) {
    var name = cursor.string(FILE);
    for (int i = 0; i < files().size(); i++) {
      if (name(files().get(i)).equals(name)) {
        return i;
      }
    }
    throw new TableRefused(
        "The file of before-images " + name + " is gone; what is left to take back was not touched",
        new IllegalArgumentException(name));
  }

  private static int placesDone(Item cursor, Opened current) {
    if (!cursor.has(AFTER)) {
      return 0;
    }
    var after = Item.of(cursor.map(AFTER));
    for (int i = 0; i < current.places.size(); i++) {
      if (current.places.get(i).key().equals(after)) {
        return i + 1;
      }
    }
    throw new TableRefused(
        "The cursor is not in its file of before-images, "
            + current.file.key()
            + "; start this slice without it",
        new IllegalArgumentException(DynamoDbJson.format(cursor)));
  }

  /** What was read of the first of the places that were wanted. */
  private static final class Reading {
    private final BeforeImageFile file;
    private final Map<Item, Item> found = new HashMap<>();
    private List<Place> places;
    private double units;
    private Tally throttles = Tally.ZERO;

    Reading(BeforeImageFile file, List<Place> places) {
      this.file = file;
      this.places = places;
    }

    private Optional<Item> at(Item key) {
      return Optional.ofNullable(found.get(key));
    }

    private Optional<Item> first(List<Item> keys) {
      return keys.stream().flatMap(key -> at(key).stream()).findFirst();
    }

    private Map<Item, Seen> seen() {
      var all = new HashMap<Item, Seen>();
      for (Place place : places) {
        var there = at(place.key());
        all.put(
            place.key(),
            new Seen(
                place, file, there.orElse(place.key()), there.isPresent(), first(place.origins())));
      }
      return all;
    }
  }

  /** Reads as many places as there is time for; empty if that is none. */
  private Optional<Reading> read(List<Place> wanted, Opened current) {
    var reading = new Reading(current.file, wanted);
    int done = read(wanted.stream().map(Place::key).toList(), reading);
    reading.places = wanted.subList(0, done);
    // Where an item has moved to is not what moved there: is it back where it was?
    var moved =
        reading.places.stream().filter(place -> !place.isLeftIn(reading.at(place.key()))).toList();
    for (Place place : moved) {
      if (!place.origins().isEmpty() && read(place.origins(), reading) < place.origins().size()) {
        reading.places = reading.places.subList(0, reading.places.indexOf(place));
        break;
      }
    }
    return reading.places.isEmpty() && !wanted.isEmpty() ? Optional.empty() : Optional.of(reading);
  }

  /** Answers how many of {@code keys}, from the first on, were read. */
  private int read(List<Item> keys, Reading reading) {
    var source = byKey.apply(keys);
    int done = 0;
    while (done < keys.size()) {
      Optional<Page> read;
      try {
        read =
            source.read(
                done == 0 ? Optional.empty() : Optional.of(keys.get(done - 1)),
                OptionalInt.of(keys.size() - done));
      } catch (TableUnavailable e) {
        if (done == 0) {
          throw e;
        }
        return done; // what is read counts; who goes on from there meets the trouble
      }
      if (read.isEmpty()) {
        return done;
      }
      var page = read.get();
      reading.units += page.readUnits();
      reading.throttles = reading.throttles.plus(page.throttles());
      page.items().forEach(item -> reading.found.put(item.only(keys.get(0).names()), item));
      done = page.next().map(last -> keys.indexOf(last) + 1).orElse(keys.size());
    }
    return done;
  }
}
