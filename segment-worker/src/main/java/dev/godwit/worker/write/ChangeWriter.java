package dev.godwit.worker.write;

import java.util.List;

/** Writes to the table under migration. Thread-safe. */
public interface ChangeWriter {
  /** How many writes one request takes. */
  int mostPerRequest();

  /**
   * Sends one request. Each write goes through alone or not at all; no condition is ever left out.
   *
   * @param writes at least one, at most {@link #mostPerRequest()}, no two to one key
   * @throws dev.godwit.worker.WorkerException when nothing is known of the request's fate
   */
  Answer write(List<PlannedWrite> writes);
}
