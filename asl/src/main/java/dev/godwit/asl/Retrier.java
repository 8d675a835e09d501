package dev.godwit.asl;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * One entry of {@code Retry}.
 *
 * @param errors the names it answers to
 * @param interval before the first retry
 * @param maxAttempts retries, not counting the first attempt; 0 means never
 * @param backoffRate multiplies the wait from one retry to the next
 * @param maxDelay the longest wait
 * @param fullJitter whether each wait is drawn from between nothing and the computed one
 */
record Retrier(
    List<String> errors,
    Duration interval,
    int maxAttempts,
    double backoffRate,
    Optional<Duration> maxDelay,
    boolean fullJitter) {

  boolean matches(StateError error) {
    return ErrorMatching.matches(errors, error);
  }

  /**
   * @param attempts retries already made
   */
  Duration delay(int attempts, RandomGenerator random) {
    double seconds = interval.toMillis() / 1000.0 * Math.pow(backoffRate, attempts);
    double longest = maxDelay.map(d -> d.toMillis() / 1000.0).orElse(Double.MAX_VALUE);
    double capped = Math.min(Math.min(seconds, longest), Limits.LONGEST_SECONDS);
    double drawn = fullJitter ? random.nextDouble() * capped : capped;
    return Duration.ofMillis(Math.round(drawn * 1000));
  }
}
