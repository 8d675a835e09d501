package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;

/** Time and threads, as the engine needs them; tests have one whose time is made up. */
interface Loop extends AutoCloseable {
  Instant now();

  /** Runs a short step, soon. Steps of one flow are never handed in before the last has ended. */
  void execute(Runnable step);

  /** Runs a short step after {@code delay}, unless closed before. */
  Cancellation.Registration schedule(Duration delay, Runnable step);

  /** Makes a call that may block, and completes it from any thread. */
  void call(TaskPort port, TaskCall call, Completion completion);

  /** Waits for nothing: what has not begun never runs. */
  @Override
  void close();

  /** Exactly one of the two is called. */
  interface Completion {
    void succeeded(JsonNode result);

    void failed(Throwable failure);
  }
}
