package dev.godwit.worker.slice;

import java.util.concurrent.Executor;

/**
 * The threads that all slices of a process share.
 *
 * @param readers read pages ahead: at most one at work for each slice
 * @param senders send write requests
 * @param mostInFlight how many write requests one slice may have under way
 */
public record Threads(Executor readers, Executor senders, int mostInFlight) {
  public Threads {
    if (mostInFlight < 1) {
      throw new IllegalArgumentException(
          "A slice needs at least 1 request in flight, not " + mostInFlight);
    }
  }
}
