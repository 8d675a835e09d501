package dev.godwit.migration;

/**
 * Decides what one stored item should become; the one type a user must implement.
 *
 * <p>It is called at least once for each item, because an interrupted page is replayed and a
 * conflicting write is decided again on the item as it is then. So given its own output it must
 * answer {@link Change#keep()}; a transform that cannot promise that needs the {@code --stamp}
 * option.
 *
 * <p>Thread-safety: one instance serves all threads of a worker; hold no mutable state.
 */
@FunctionalInterface
public interface ItemTransform {
  /**
   * Decides about one item.
   *
   * @param item as stored, at most 400 KB; immutable. What is read from it is what the write will
   *     be guarded by
   * @param context the run's id, start and parameters; read {@link TransformContext#startedAt()},
   *     never the clock
   * @return never null
   * @throws Exception counts this item as failed, with a record of why; the page goes on
   */
  Change apply(Item item, TransformContext context) throws Exception;
}
