package dev.godwit.worker.dynamodb;

import dev.godwit.run.Tally;

/** A call that was answered. */
final class Exchange {
  private final byte[] answer;
  private final Tally throttles;

  Exchange(byte[] answer, Tally throttles) {
    this.answer = answer;
    this.throttles = throttles;
  }

  /** The answer's body; not copied, because items keep slices of it. */
  byte[] answer() {
    return answer;
  }

  /** How many tries were throttled, by what. */
  Tally throttles() {
    return throttles;
  }
}
