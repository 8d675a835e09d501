package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/** Made-up time on one thread: steps in the order they came, timers when nothing else is left. */
public final class VirtualLoop implements Loop {
  public static final Instant START = Instant.parse("2026-11-20T00:00:00Z");

  private final ArrayDeque<Runnable> steps = new ArrayDeque<>();
  private final PriorityQueue<Timer> timers = new PriorityQueue<>();
  private Instant now = START;
  private long sequence;

  private record Timer(Instant at, long sequence, Runnable step) implements Comparable<Timer> {
    @Override
    public int compareTo(Timer other) {
      int byTime = at.compareTo(other.at);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  /** A task that takes made-up time. */
  public interface Slow extends TaskPort {
    Duration latency(TaskCall call);
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void execute(Runnable step) {
    steps.add(step);
  }

  @Override
  public Cancellation.Registration schedule(Duration delay, Runnable step) {
    Timer timer = new Timer(now.plus(delay), sequence++, step);
    timers.add(timer);
    return () -> timers.remove(timer);
  }

  @Override
  public void call(TaskPort port, TaskCall call, Completion completion) {
    Duration latency = port instanceof Slow slow ? slow.latency(call) : Duration.ZERO;
    schedule(
        latency,
        () -> {
          JsonNode result;
          try {
            result = port.call(call);
          } catch (Exception | AssertionError e) {
            completion.failed(e);
            return;
          }
          completion.succeeded(result);
        });
  }

  /**
   * Lets an engine of another room live in this time: all that happens in it is decided by {@code
   * random}, on the thread that lets time pass. Nobody may wait for its executions, but let time
   * pass until they have ended. Closing it kills it, as {@link #process} says.
   */
  public Engine.Builder carrying(Engine.Builder engine, RandomGenerator random) {
    return engine
        .loop(process())
        .random(random)
        .identities(() -> Long.toHexString(random.nextLong()));
  }

  /**
   * The same time, for one engine: when that is closed, as when its process is killed, what it has
   * not begun is not done any more. Its calls under way are: nobody hears the answer.
   */
  Loop process() {
    return new OneEngines();
  }

  private final class OneEngines implements Loop {
    private boolean closed;

    @Override
    public Instant now() {
      return now;
    }

    private Runnable unlessClosed(Runnable step) {
      return () -> {
        if (!closed) {
          step.run();
        }
      };
    }

    @Override
    public void execute(Runnable step) {
      VirtualLoop.this.execute(unlessClosed(step));
    }

    @Override
    public Cancellation.Registration schedule(Duration delay, Runnable step) {
      return VirtualLoop.this.schedule(delay, unlessClosed(step));
    }

    @Override
    public void call(TaskPort port, TaskCall call, Completion completion) {
      VirtualLoop.this.call(
          port,
          call,
          new Completion() {
            @Override
            public void succeeded(JsonNode result) {
              unlessClosed(() -> completion.succeeded(result)).run();
            }

            @Override
            public void failed(Throwable failure) {
              unlessClosed(() -> completion.failed(failure)).run();
            }
          });
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** Lets time pass until nothing is left to do. */
  public void runUntilIdle() {
    runUntil(() -> false);
  }

  /** Lets {@code duration} pass. */
  public void run(Duration duration) {
    boolean[] passed = {false};
    schedule(duration, () -> passed[0] = true);
    runUntil(() -> passed[0]);
  }

  public void runUntil(java.util.function.BooleanSupplier done) {
    while (!done.getAsBoolean()) {
      Runnable step = steps.poll();
      if (step == null) {
        Timer timer = timers.poll();
        if (timer == null) {
          return;
        }
        now = timer.at();
        step = timer.step();
      }
      step.run();
    }
  }

  @Override
  public void close() {}
}
