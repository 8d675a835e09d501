package dev.godwit.cli.stepfunctions;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import java.util.Locale;
import java.util.Optional;

/**
 * The list of segments that {@code migrate-table} makes for its Map, {@code [0,1,2 …]}, against
 * what Step Functions holds.
 *
 * <p>Two limits could meet it. The input and output of a state have at most 256 KiB (developer
 * guide, "Step Functions service quotas", "Quotas related to state machine executions",
 * https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html); whether a Map's {@code
 * Items} count as either is not said there. And an expression may hold about 7 MB: {@code
 * [1..873782] ~> $count()} is evaluated on AWS and one more is not, which AWS documents nowhere and
 * https://github.com/floci-io/floci/pull/2783 has measured. Read 2026-11-20 and 2026-11-26.
 */
final class SegmentList {
  private static final long DOCUMENTED_BYTES = 256 * 1024;

  /** As measured, see above. */
  private static final int MOST = 873_782;

  private SegmentList() {}

  /**
   * Refuses a list that cannot be made.
   *
   * @throws CommandFailed when it cannot
   */
  private static void check(int segments) {
    if (segments > MOST) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          String.format(
              Locale.ROOT,
              "Step Functions cannot make a list of %,d segments, only of %,d at most; give fewer --segments. Nothing was started",
              segments,
              MOST));
    }
  }

  /**
   * What people should know of a list that long before it is made, if anything.
   *
   * @throws CommandFailed when it cannot be made
   */
  static Optional<String> warning(int segments) {
    check(segments);
    long bytes = bytes(segments);
    return bytes <= DOCUMENTED_BYTES
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "A list of %,d segments has %,d bytes. Step Functions lets a state's input and output have %,d; whether that"
                    + " holds for such a list is not documented, and nobody has tried. If the run fails at once, nothing is"
                    + " migrated: start it again with at most %,d segments",
                segments,
                bytes,
                DOCUMENTED_BYTES,
                most()));
  }

  /** Of {@code [0,1,2 …]} as JSON. */
  private static long bytes(int segments) {
    long bytes = segments + 1L; // brackets and commas
    long first = 0;
    for (long end = 10; first < segments; end *= 10) {
      long last = Math.min(segments, end);
      bytes += (last - first) * String.valueOf(last - 1).length();
      first = last;
    }
    return bytes;
  }

  private static int most() {
    int most = 1;
    int tooMany = 1_000_000;
    while (tooMany - most > 1) {
      int middle = (most + tooMany) / 2;
      if (bytes(middle) <= DOCUMENTED_BYTES) {
        most = middle;
      } else {
        tooMany = middle;
      }
    }
    return most;
  }
}
