package dev.godwit.worker.pace;

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

  /** DynamoDB refused a request, or a part of one, for going too fast. */
  public void throttled() {
    pacer.throttled();
  }
}
