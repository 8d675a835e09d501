package dev.godwit.worker.write;

import java.util.List;
import java.util.Optional;

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

  /**
   * Why {@code write} would be refused, whatever is stored; absent if it would not be, as far as
   * that can be told without sending it. Asks for nothing but the table's description, once.
   *
   * <p>What {@link #write} answers as refused for the same reason, it gives the same name.
   *
   * @throws dev.godwit.worker.WorkerException when the table cannot be looked at
   */
  Optional<Outcome.Refused> foresee(PlannedWrite write);
}
