package dev.godwit.worker.pace;

import dev.godwit.run.Tally;
import java.util.Optional;

/**
 * How fast requests of one kind may go, and until when. Thread-safe.
 *
 * @param pacer how fast
 * @param deadline until when
 */
public record Pace(Pacer pacer, Deadline deadline) {
  /**
   * Waits until a request may be sent.
   *
   * @param estimate as for {@link Pacer#acquire}
   * @return empty when the time ran out first
   */
  public Optional<Pacer.Permit> acquire(double estimate) {
    return pacer.acquire(estimate, deadline);
  }

  /**
   * Waits until a request of a kind of its own may be sent.
   *
   * @param kind as for {@link Pacer#acquire(String, double, Deadline)}
   * @param estimate as there
   * @return empty when the time ran out first
   */
  public Optional<Pacer.Permit> acquire(String kind, double estimate) {
    return pacer.acquire(kind, estimate, deadline);
  }

  /** DynamoDB refused requests, or parts of them, for going too fast. */
  public void throttled(Tally throttles) {
    pacer.throttled(throttles);
  }
}
