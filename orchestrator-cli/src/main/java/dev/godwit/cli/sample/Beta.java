package dev.godwit.cli.sample;

import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** How likely a share is, when so many of those looked at have had something and so many not. */
final class Beta {
  /** Above it lies half of what is left out of 95 %. */
  private static final double UPPER = 0.975;

  private Beta() {}

  /**
   * Below which share lies {@code probability} of the beta distribution.
   *
   * @param a more than 0
   * @param b more than 0
   */
  static double quantile(double probability, double a, double b) {
    return BetaDistribution.of(a, b).inverseCumulativeProbability(probability);
  }

  /**
   * By how many standard deviations a mean of few may be off, both ways together with 5 %:
   * Student's t.
   *
   * @param freedom degrees of freedom, more than 0
   */
  static double student(double freedom) {
    return TDistribution.of(freedom).inverseCumulativeProbability(UPPER);
  }
}
