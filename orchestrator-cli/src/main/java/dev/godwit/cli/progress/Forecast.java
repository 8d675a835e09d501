package dev.godwit.cli.progress;

import java.time.Duration;
import java.util.Locale;

/**
 * When a run may be over, and how anybody can know.
 *
 * @param left the time that it may take yet
 * @param basis what that is reckoned from
 */
public record Forecast(Duration left, Basis basis) {
  /** What a forecast is reckoned from. */
  public enum Basis {
    /** The items that are left by the table's own count, at the speed of the last minute. */
    ITEMS("items", "from the last minute and the items left, which DynamoDB counts every 6 hours"),
    /** The segments that are left, at the speed of those that have ended. */
    SEGMENTS("segments", "from the segments that have ended");

    private final String word;
    private final String text;

    Basis(String word, String text) {
      this.word = word;
      this.text = text;
    }

    /** For programs. */
    public String word() {
      return word;
    }

    /** For people. */
    public String text() {
      return text;
    }
  }

  /** As a clock shows it: hours if there are any, minutes, seconds. */
  String clock() {
    long seconds = left.toSeconds();
    return seconds >= 3600
        ? String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
        : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
