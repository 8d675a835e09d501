package dev.godwit.cli.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;

/** How a page tells numbers. */
final class Figures {
  private static final double SECONDS_A_MINUTE = 60;
  private static final double SECONDS_AN_HOUR = 3_600;
  private static final double MILLIS = 1_000;

  private Figures() {}

  /** Whole where it is, and else with one digit. */
  static String amount(double amount) {
    return amount == Math.rint(amount)
        ? String.format(Locale.ROOT, "%,.0f", amount)
        : String.format(
            Locale.ROOT, "%,.1f", BigDecimal.valueOf(amount).setScale(1, RoundingMode.HALF_UP));
  }

  static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  static String time(Duration duration) {
    return time(duration.toMillis() / MILLIS);
  }

  static String time(double seconds) {
    if (seconds >= SECONDS_AN_HOUR) {
      return String.format(
          Locale.ROOT,
          "%,.0f h %02.0f min",
          Math.floor(seconds / SECONDS_AN_HOUR),
          Math.floor(seconds % SECONDS_AN_HOUR / SECONDS_A_MINUTE));
    }
    return seconds >= SECONDS_A_MINUTE
        ? String.format(
            Locale.ROOT,
            "%.0f min %02.0f s",
            Math.floor(seconds / SECONDS_A_MINUTE),
            Math.floor(seconds % SECONDS_A_MINUTE))
        : String.format(Locale.ROOT, "%.1f s", seconds);
  }
}
