package dev.godwit.worker.pace;

import java.util.ArrayDeque;

/**
 * What requests of one kind consume, as far as the last few of them tell.
 *
 * <p>Used under its pacer's lock.
 */
final class Expectation {
  private static final int REMEMBERED = 16;

  /** Beyond the most of those, which itself is about two above their average: they are few. */
  private static final double DEVIATIONS = 3;

  private final boolean isOfAlike;
  private final ArrayDeque<Consumed> last = new ArrayDeque<>();
  private double ratio = 1;
  private double variance;

  /**
   * @param isOfAlike whether these are requests for one or more things, each estimated alike, which
   *     consume what they do independently of each other
   */
  Expectation(boolean isOfAlike) {
    this.isOfAlike = isOfAlike;
  }

  /** What a request was estimated at, and consumed for each unit of that. */
  private record Consumed(double estimate, double ratio) {}

  boolean isLearnt() {
    return !last.isEmpty();
  }

  /** What the last few requests were estimated at, together. */
  double known() {
    return last.stream().mapToDouble(Consumed::estimate).sum();
  }

  boolean isOfAlike() {
    return isOfAlike;
  }

  /** The most that was consumed for each unit of an estimate; 1 until something was. */
  double ratio() {
    return ratio;
  }

  /**
   * What a request is expected to consume at most: the ratio, and for alike things some more, as
   * far as they differ. A small request consumes more of its estimate by chance than a large one
   * does, and seldom as much as a few deviations.
   */
  double of(double estimate) {
    return estimate * ratio + DEVIATIONS * Math.sqrt(estimate * variance);
  }

  void learn(double estimate, double actual) {
    if (estimate <= 0 || actual <= 0) {
      return;
    }
    if (last.size() == REMEMBERED) {
      last.removeFirst();
    }
    last.addLast(new Consumed(estimate, actual / estimate));
    ratio = last.stream().mapToDouble(Consumed::ratio).max().orElseThrow();
    variance = isOfAlike ? variance() : 0;
  }

  /** Of what one unit of an estimate consumes. */
  private double variance() {
    double estimates = 0;
    double actuals = 0;
    for (Consumed each : last) {
      estimates += each.estimate;
      actuals += each.estimate * each.ratio;
    }
    double squares = 0;
    for (Consumed each : last) {
      double off = each.ratio - actuals / estimates;
      squares += each.estimate * off * off;
    }
    return squares / last.size();
  }
}
