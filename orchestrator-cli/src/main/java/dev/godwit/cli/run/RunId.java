package dev.godwit.cli.run;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** Makes names for runs: sortable by their start, and different for runs of the same second. */
public final class RunId {
  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

  private RunId() {}

  /** A name as in {@code 20261120-081502-7f3a9c}. */
  public static String next(Instant now, RandomGenerator random) {
    return SECOND.format(now) + "-" + String.format(Locale.ROOT, "%06x", random.nextInt(1 << 24));
  }
}
