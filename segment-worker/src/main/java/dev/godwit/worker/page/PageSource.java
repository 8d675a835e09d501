package dev.godwit.worker.page;

import dev.godwit.migration.Item;
import java.util.Optional;
import java.util.OptionalInt;

/** The pages of one segment, in order. */
public interface PageSource {
  /**
   * Reads one page.
   *
   * @param cursor where to start, exclusive; absent for the start of the segment
   * @param limit at most so many items; absent for as many as DynamoDB gives
   * @return empty when the slice's time ran out while the pace held the read back
   * @throws dev.godwit.worker.WorkerException when it cannot be read
   */
  Optional<Page> read(Optional<Item> cursor, OptionalInt limit);

  /** Whether a page may be read while the one before it is written. */
  default boolean mayReadAhead() {
    return true;
  }

  /** Lets go of what it holds; nothing is read any more. */
  default void close() {}
}
