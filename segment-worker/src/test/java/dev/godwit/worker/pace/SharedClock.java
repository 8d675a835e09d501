package dev.godwit.worker.pace;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A clock of many threads, of which one runs at a time: who sleeps lets whoever is to wake next go
 * on, and the time moves there. So what many workers do at once is the same each time.
 */
public final class SharedClock implements Timer {
  private final PriorityQueue<Sleeper> sleepers =
      new PriorityQueue<>(
          Comparator.comparingLong((Sleeper s) -> s.until).thenComparingLong(s -> s.order));
  private final Semaphore allDone = new Semaphore(0);
  private @Nullable Sleeper running;
  private @Nullable Throwable failure;
  private long now;
  private long orders;

  private static final class Sleeper {
    private final Semaphore turn = new Semaphore(0);
    private long until;
    private long order;
  }

  @Override
  public long nanos() {
    return now;
  }

  /** Adds a thread that begins now, once {@link #run} lets it. */
  public void add(Runnable work) {
    var sleeper = new Sleeper();
    queue(sleeper, now);
    var thread =
        new Thread(
            () -> {
              sleeper.turn.acquireUninterruptibly();
              running = sleeper;
              try {
                work.run();
              } catch (RuntimeException | Error e) {
                failure = e;
              }
              next();
            },
            "on-shared-clock");
    thread.setDaemon(true);
    thread.start();
  }

  /** Lets all threads run to their ends. */
  public void run() {
    next();
    allDone.acquireUninterruptibly();
    if (failure != null) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void sleep(Duration duration) {
    var me = running;
    if (me == null) {
      throw new IllegalStateException("only the clock's own threads sleep");
    }
    queue(me, now + duration.toNanos());
    next();
    me.turn.acquireUninterruptibly();
    running = me;
  }

  private void queue(Sleeper sleeper, long until) {
    sleeper.until = until;
    sleeper.order = orders++;
    sleepers.add(sleeper);
  }

  private void next() {
    var next = sleepers.poll();
    if (next == null || failure != null) {
      allDone.release();
      return;
    }
    now = Math.max(now, next.until);
    next.turn.release();
  }
}
