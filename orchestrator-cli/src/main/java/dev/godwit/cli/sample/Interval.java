package dev.godwit.cli.sample;

/**
 * What a number is thought to be, and between which bounds it lies with 95 % confidence.
 *
 * @param low at least
 * @param estimate most likely
 * @param high at most
 */
public record Interval(double low, double estimate, double high) {
  /** Nothing at all. */
  public static final Interval ZERO = exactly(0);

  public Interval {
    if (!(low <= estimate && estimate <= high)) {
      throw new IllegalArgumentException(
          "An interval's bounds must enclose its estimate: " + low + ", " + estimate + ", " + high);
    }
  }

  /** A number that is known. */
  public static Interval exactly(double value) {
    return new Interval(value, value, value);
  }

  /** Whether it is known. */
  public boolean isExact() {
    return low == high;
  }

  /** Whether {@code value} lies within its bounds. */
  public boolean covers(double value) {
    return low <= value && value <= high;
  }

  /**
   * {@code factor} times as much.
   *
   * @param factor not negative
   */
  public Interval times(double factor) {
    return new Interval(low * factor, estimate * factor, high * factor);
  }

  /** Both together, as if the one were high whenever the other is. */
  public Interval plus(Interval other) {
    return new Interval(low + other.low, estimate + other.estimate, high + other.high);
  }

  /** The same, but within what is known of it. */
  public Interval within(double least, double most) {
    double middle = Math.max(least, Math.min(estimate, most));
    return new Interval(
        Math.min(middle, Math.max(low, least)), middle, Math.max(middle, Math.min(high, most)));
  }
}
