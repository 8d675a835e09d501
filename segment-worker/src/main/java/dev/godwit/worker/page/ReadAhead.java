package dev.godwit.worker.page;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.pace.Recall;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the next page while the present one is written. Holds at most one page; a slice that ends
 * leaves at most one page read for nothing.
 *
 * <p>Used from one thread.
 */
public final class ReadAhead implements PageSource, AutoCloseable {
  private final PageSource source;
  private final Executor reader;
  private final Recall recall;
  private @Nullable Ahead ahead;
  private Tally forNothing = Tally.ZERO;

  /**
   * Reads ahead from {@code source}.
   *
   * @param reader runs what is read ahead
   * @param recall the deadline that {@code source} keeps to: a read that nobody waits for any more
   *     is called back
   */
  public ReadAhead(PageSource source, Executor reader, Recall recall) {
    this.source = source;
    this.reader = reader;
    this.recall = recall;
  }

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    var started = ahead;
    if (started != null && started.cursor.equals(cursor)) {
      ahead = null;
      return started.join();
    }
    drop();
    return source.read(cursor, limit);
  }

  /**
   * Starts to read the page at {@code cursor}, if the source lets it; the next {@link #read} of it
   * waits for that.
   */
  public void start(Item cursor, OptionalInt limit) {
    drop();
    if (!source.mayReadAhead()) {
      return;
    }
    var from = Optional.of(cursor);
    ahead = new Ahead(from, CompletableFuture.supplyAsync(() -> source.read(from, limit), reader));
  }

  /**
   * Waits for a page that was read ahead and that nobody has asked for, so that nothing goes on
   * when the slice has ended.
   *
   * @return what reading pages for nothing has cost, since the last call
   */
  public Tally discard() {
    drop();
    var cost = forNothing;
    forNothing = Tally.ZERO;
    return cost;
  }

  /** Waits, as {@link #discard} does, for the slice that has failed. */
  @Override
  public void close() {
    drop();
    source.close();
  }

  private void drop() {
    var started = ahead;
    ahead = null;
    if (started == null) {
      return;
    }
    recall.call();
    try {
      started.join().ifPresent(page -> forNothing = forNothing.plus(page.cost()));
    } catch (RuntimeException e) {
      // nobody needs the page; whoever does will meet the same trouble and tell
    } finally {
      recall.takeBack();
    }
  }

  private record Ahead(Optional<Item> cursor, CompletableFuture<Optional<Page>> page) {
    Optional<Page> join() {
      try {
        return page.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        if (e.getCause() instanceof Error cause) {
          throw cause;
        }
        throw e;
      }
    }
  }
}
