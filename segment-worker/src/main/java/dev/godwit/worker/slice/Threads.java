package dev.godwit.worker.slice;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;

/**
 * The threads that all slices of a process share.
 *
 * @param readers read pages ahead: at most one at work for each slice
 * @param senders send write requests
 * @param mostInFlight how many write requests one slice may have under way
 */
public record Threads(Executor readers, Executor senders, int mostInFlight)
    implements AutoCloseable {
  public Threads {
    if (mostInFlight < 1) {
      throw new IllegalArgumentException(
          "A slice needs at least 1 request in flight, not " + mostInFlight);
    }
  }

  /** Lets the threads end, once what they are at is done. No slice may begin afterwards. */
  @Override
  public void close() {
    for (Executor threads : List.of(readers, senders)) {
      if (threads instanceof ExecutorService pool) {
        pool.shutdown();
      }
    }
  }
}
