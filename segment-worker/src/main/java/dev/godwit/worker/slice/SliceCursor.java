package dev.godwit.worker.slice;

import dev.godwit.migration.Item;
import dev.godwit.run.slice.SliceRequest;
import java.util.Optional;

/**
 * Where a segment goes on, in a slice's request and result. There, no cursor means a segment that
 * begins or one that is finished; the start of a segment that is not finished, because a slice
 * could not even do its first item, is the cursor without attributes.
 */
final class SliceCursor {
  private SliceCursor() {}

  /** Where {@code slice} starts; empty for the start of its segment. */
  static Optional<Item> of(SliceRequest slice) {
    return slice.cursor().filter(cursor -> !cursor.names().isEmpty());
  }

  /** What to answer for a segment that is to go on at {@code cursor}, or from its start. */
  static Optional<Item> toGoOnFrom(Optional<Item> cursor) {
    return Optional.of(cursor.orElse(Item.empty()));
  }
}
