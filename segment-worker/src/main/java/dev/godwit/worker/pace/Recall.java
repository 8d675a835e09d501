package dev.godwit.worker.pace;

import java.time.Duration;

/**
 * A deadline that can be brought forward to now, and put back: what waits by it gives up soon after
 * it was called back. Thread-safe.
 */
public final class Recall implements Deadline {
  private final Deadline otherwise;
  private volatile boolean called;

  /** One that comes with {@code otherwise}, as long as nobody calls. */
  public Recall(Deadline otherwise) {
    this.otherwise = otherwise;
  }

  /** Lets it come now. */
  public void call() {
    called = true;
  }

  /** Lets it come with the other again. */
  public void takeBack() {
    called = false;
  }

  @Override
  public Duration left() {
    return called ? Duration.ZERO : otherwise.left();
  }

  @Override
  public Duration leftForAnswers() {
    return otherwise.leftForAnswers();
  }

  @Override
  public void requestTook(Duration duration) {
    otherwise.requestTook(duration);
  }
}
