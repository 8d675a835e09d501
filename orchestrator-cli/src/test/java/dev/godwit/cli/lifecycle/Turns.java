package dev.godwit.cli.lifecycle;

import dev.godwit.asl.VirtualLoop;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Lets ordinary blocking code live in made-up time: each activity has a thread, and one of them
 * acts at a time, while time and all others stand still. What happens is decided by the loop alone.
 */
final class Turns {
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          runnable -> {
            var thread = new Thread(runnable, "turns");
            thread.setDaemon(true);
            return thread;
          });
  private static final ThreadLocal<@Nullable Turn> MINE = new ThreadLocal<>();

  private final VirtualLoop loop;

  private static final class Turn {
    private final Semaphore acts = new Semaphore(0);
    private final Semaphore rests = new Semaphore(0);

    /** On the loop's thread: until it rests or has ended. */
    void go() {
      acts.release();
      rests.acquireUninterruptibly();
    }
  }

  Turns(VirtualLoop loop) {
    this.loop = loop;
  }

  /** Begins an activity, on the loop's thread; returns when it pauses for the first time. */
  void begin(Runnable activity) {
    var turn = new Turn();
    THREADS.execute(
        () -> {
          turn.acts.acquireUninterruptibly();
          MINE.set(turn);
          try {
            activity.run();
          } finally {
            MINE.remove();
            turn.rests.release();
          }
        });
    turn.go();
  }

  /** Whether this is an activity's thread. */
  static boolean isActing() {
    return MINE.get() != null;
  }

  /** Lets others go on, from an activity, until {@code duration} has passed. */
  void pause(Duration duration) {
    var turn = MINE.get();
    if (turn == null) {
      throw new IllegalStateException("only an activity can pause");
    }
    loop.schedule(duration, turn::go);
    turn.rests.release();
    turn.acts.acquireUninterruptibly();
  }
}
