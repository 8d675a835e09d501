package dev.godwit.cli.sample;

/**
 * The beta distribution: how likely a share is, when so many of those looked at have had something
 * and so many have not. By its continued fraction: Press and others, "Numerical Recipes", third
 * edition, 6.4 (Lentz's method).
 */
final class Beta {
  private static final int MOST_TERMS = 10_000;
  private static final double SMALLEST = 1e-300;
  private static final double PRECISION = 1e-14;
  private static final int HALVINGS = 60;

  /** Lanczos' approximation of the logarithm of the gamma function, with g = 7 and 9 terms. */
  private static final double[] LANCZOS = {
    0.9999999999998099,
    676.5203681218851,
    -1259.1392167224028,
    771.3234287776531,
    -176.6150291621406,
    12.507343278686905,
    -0.13857109526572012,
    9.984369578019572e-06,
    1.5056327351493116e-7
  };

  private Beta() {}

  /**
   * Below which share lies {@code probability} of the distribution.
   *
   * @param a more than 0
   * @param b more than 0
   */
  static double quantile(double probability, double a, double b) {
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS && high > low; i++) {
      double middle = (low + high) / 2;
      if (cumulative(middle, a, b) < probability) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** How much of the distribution lies below {@code share}. */
  static double cumulative(double share, double a, double b) {
    if (share <= 0) {
      return 0;
    }
    if (share >= 1) {
      return 1;
    }
    double front =
        Math.exp(
            logGamma(a + b)
                - logGamma(a)
                - logGamma(b)
                + a * Math.log(share)
                + b * Math.log1p(-share));
    return share < (a + 1) / (a + b + 2)
        ? front * fraction(share, a, b) / a
        : 1 - front * fraction(1 - share, b, a) / b;
  }

  /**
   * By how many standard deviations a mean of few may be off, both ways together with 5 %:
   * Student's t, which is the beta distribution seen otherwise.
   *
   * @param freedom degrees of freedom, more than 0
   */
  static double student(double freedom) {
    double share = quantile(0.05, freedom / 2, 0.5);
    return Math.sqrt(freedom * (1 / share - 1));
  }

  private static double fraction(double x, double a, double b) {
    double c = 1;
    double d = inverse(1 - (a + b) * x / (a + 1));
    double product = d;
    for (int m = 1; m <= MOST_TERMS; m++) {
      double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
      d = inverse(1 + even * d);
      c = atLeast(1 + even / c);
      product *= d * c;
      double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
      d = inverse(1 + odd * d);
      c = atLeast(1 + odd / c);
      double step = d * c;
      product *= step;
      if (Math.abs(step - 1) < PRECISION) {
        break;
      }
    }
    return product;
  }

  private static double inverse(double value) {
    return 1 / atLeast(value);
  }

  private static double atLeast(double value) {
    return Math.abs(value) < SMALLEST ? SMALLEST : value;
  }

  private static double logGamma(double x) {
    if (x < 0.5) {
      return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
    }
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) {
      sum += LANCZOS[i] / (x - 1 + i);
    }
    double t = x + LANCZOS.length - 2.5;
    return Math.log(Math.sqrt(2 * Math.PI)) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
  }
}
