package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import java.util.List;
import java.util.Optional;

/** Carries out actions on any table. Thread-safe. */
public interface ActionWriter {
  /** How many actions like {@code action} one request takes. */
  int mostPerRequest(Action action);

  /**
   * What {@code action} writes to, as an item with the key attributes alone: two actions with equal
   * targets and tables must not share a request.
   *
   * @throws dev.godwit.worker.WorkerException when the table is not there or may not be looked at
   */
  Item target(Action action);

  /**
   * Sends one request.
   *
   * @param actions all of one class, at least one, at most {@link #mostPerRequest}, no two to one
   *     target
   * @throws dev.godwit.worker.WorkerException when nothing is known of the request's fate
   */
  Answer write(List<Action> actions);

  /**
   * Why {@code action} would be refused, as in {@link ChangeWriter#foresee}.
   *
   * @throws dev.godwit.worker.WorkerException when the table is not there or may not be looked at
   */
  Optional<Outcome.Refused> foresee(Action action);
}
