package dev.godwit.worker.wire;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Cuts off what takes too long: blocked reads and writes end when their socket is closed. */
final class Watch implements AutoCloseable {
  /** What is watched for longer is watched for so long. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private final ScheduledThreadPoolExecutor thread;

  Watch() {
    thread =
        new ScheduledThreadPoolExecutor(
            1,
            runnable -> {
              var watching = new Thread(runnable, "godwit-watch");
              watching.setDaemon(true);
              return watching;
            });
    thread.setRemoveOnCancelPolicy(true);
  }

  /**
   * Runs {@code cut} after {@code atMost}.
   *
   * @return what calls that off
   */
  Runnable over(Duration atMost, Runnable cut) {
    long millis = (atMost.compareTo(LONGEST) < 0 ? atMost : LONGEST).toMillis();
    var task = thread.schedule(cut, millis, TimeUnit.MILLISECONDS);
    return () -> task.cancel(false);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
