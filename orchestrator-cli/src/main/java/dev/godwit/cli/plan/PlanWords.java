package dev.godwit.cli.plan;

import dev.godwit.cli.sample.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** How numbers of a plan are told. */
final class PlanWords {
  private static final double MINUTE = 60;
  private static final double HOUR = 3_600;
  private static final double DAY = 86_400;
  private static final String[] BYTES = {"bytes", "KB", "MB", "GB", "TB"};
  private static final double THOUSAND = 1_000;
  private static final double CENT = 0.01;

  private PlanWords() {}

  /** A whole number, and its bounds where it is not known. */
  static String count(Interval interval) {
    return interval.isExact()
        ? whole(interval.estimate())
        : whole(interval.estimate())
            + " ("
            + whole(Math.floor(interval.low()))
            + " to "
            + whole(Math.ceil(interval.high()))
            + ")";
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%,.0f", number);
  }

  static String dollars(Interval interval) {
    return dollars(interval.estimate()).equals(dollars(interval.low()))
            && dollars(interval.estimate()).equals(dollars(interval.high()))
        ? dollars(interval.estimate())
        : dollars(interval.estimate())
            + " ("
            + dollars(interval.low())
            + " to "
            + dollars(interval.high())
            + ")";
  }

  static String dollars(double dollars) {
    if (dollars == 0) {
      return "$0";
    }
    return Math.abs(dollars) < CENT
        ? "$" + new BigDecimal(dollars).round(new MathContext(2)).toPlainString()
        : String.format(Locale.ROOT, "$%,.2f", dollars);
  }

  static String bytes(double bytes) {
    double left = Math.abs(bytes);
    int step = 0;
    while (left >= THOUSAND && step < BYTES.length - 1) {
      left /= THOUSAND;
      step++;
    }
    return (bytes < 0 ? "-" : "")
        + (step == 0
            ? String.format(Locale.ROOT, "%,.0f bytes", left)
            : String.format(Locale.ROOT, "%,.1f %s", left, BYTES[step]));
  }

  static String time(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < 2 * MINUTE) {
      return String.format(Locale.ROOT, "%.0f s", seconds);
    }
    if (seconds < 2 * HOUR) {
      return String.format(Locale.ROOT, "%.0f min", seconds / MINUTE);
    }
    return seconds < 2 * DAY
        ? String.format(Locale.ROOT, "%.1f h", seconds / HOUR)
        : String.format(Locale.ROOT, "%.1f days", seconds / DAY);
  }
}
