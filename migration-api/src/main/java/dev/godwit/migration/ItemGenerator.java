package dev.godwit.migration;

import java.util.Iterator;

/**
 * Makes items that no table holds yet, in numbered shards.
 *
 * <p>Deterministic: the same shard from the same position yields equal items in the same order, in
 * whatever process and however often it is asked, because an interrupted page is made again. No key
 * comes twice, in one shard or in two.
 *
 * <p>Thread-safety: one instance makes several shards at a time; hold no mutable state.
 */
@FunctionalInterface
public interface ItemGenerator {
  /**
   * The items of one shard from a position on, to its end.
   *
   * @param shard from 0 to {@code shards - 1}
   * @param shards into how many shards all items are divided: the run's segments
   * @param position how many items of this shard come before; they are not yielded
   * @param context what the transform is given, too: read {@code context.startedAt()}, never the
   *     clock
   * @throws Exception ends the slice; it is asked for again
   */
  Iterator<Item> items(int shard, int shards, long position, TransformContext context)
      throws Exception;
}
