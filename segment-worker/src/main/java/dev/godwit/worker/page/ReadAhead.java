package dev.godwit.worker.page;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.WorkerException;
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
public final class ReadAhead implements PageSource {
  private final PageSource source;
  private final Executor reader;
  private @Nullable Ahead ahead;

  public ReadAhead(PageSource source, Executor reader) {
    this.source = source;
    this.reader = reader;
  }

  @Override
  public Page read(Optional<Item> cursor, OptionalInt limit) {
    var started = ahead;
    ahead = null;
    return started != null && started.cursor.equals(cursor)
        ? started.join()
        : source.read(cursor, limit);
  }

  /** Starts to read the page at {@code cursor}; the next {@link #read} of it waits for that. */
  public void start(Item cursor, OptionalInt limit) {
    var from = Optional.of(cursor);
    ahead = new Ahead(from, CompletableFuture.supplyAsync(() -> source.read(from, limit), reader));
  }

  /**
   * Waits for a page that was read ahead and that nobody has asked for, so that nothing goes on
   * when the slice has ended.
   *
   * @return what reading it has cost
   */
  public Tally discard() {
    var started = ahead;
    ahead = null;
    try {
      return started == null ? Tally.ZERO : started.join().tally();
    } catch (WorkerException e) {
      return Tally.ZERO; // nobody needs the page; whoever does will meet the same trouble and tell
    }
  }

  private record Ahead(Optional<Item> cursor, CompletableFuture<Page> page) {
    Page join() {
      try {
        return page.join();
      } catch (CompletionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw e;
      }
    }
  }
}
