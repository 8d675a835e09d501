package dev.godwit.cli.progress;

import dev.godwit.cli.console.Screen;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows a task's progress while it is done: lines that are redrawn on a terminal, a line every few
 * seconds elsewhere.
 */
public final class ProgressDisplay {
  private static final Duration REDRAWN_EVERY = Duration.ofMillis(250);
  private static final Duration LINE_EVERY = Duration.ofSeconds(5);

  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            var thread = new Thread(task, "progress");
            thread.setDaemon(true);
            return thread;
          });
  private final ProgressSource source;
  private final ProgressView view;

  private ProgressDisplay(ProgressSource source, ProgressView view) {
    this.source = source;
    this.view = view;
  }

  /**
   * Does {@code work}, showing how far it is.
   *
   * @param task what is going on, in a word or two
   * @param source asked now and then, and once more when {@code work} is done
   */
  public static <T> T during(Screen screen, String task, ProgressSource source, Supplier<T> work) {
    var display =
        new ProgressDisplay(
            source,
            screen
                .block()
                .<ProgressView>map(block -> new LiveView(block, task))
                .orElseGet(() -> new PlainLines(screen.err(), task)));
    display.show(screen.block().isPresent() ? REDRAWN_EVERY : LINE_EVERY);
    boolean done = false;
    try {
      T result = work.get();
      done = true;
      return result;
    } finally {
      display.close(done);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // it ends with the clock
  private void show(Duration every) {
    clock.scheduleAtFixedRate(
        () -> view.show(source), every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Stops.
   *
   * @param done whether to show the last reading; of what was refused there is none
   */
  private void close(boolean done) {
    clock.shutdownNow();
    try {
      if (!clock.awaitTermination(1, TimeUnit.SECONDS)) {
        return; // a terminal that takes no more: nothing left to show
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (done) {
      view.show(source);
    }
    view.close();
  }
}
