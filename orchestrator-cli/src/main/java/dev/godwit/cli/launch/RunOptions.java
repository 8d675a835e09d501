package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.plan.SegmentsAtOnce;
import dev.godwit.run.Guard;
import dev.godwit.run.RunRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that say what a run does, wherever it runs. */
public final class RunOptions {
  @Option(
      names = "--segments",
      paramLabel = "N",
      defaultValue = "100",
      converter = Segments.class,
      description =
          "Into how many parts the table is scanned, 1 to 1,000,000. Default: ${DEFAULT-VALUE}; variable: TOTAL_SEGMENTS.")
  int segments;

  @Option(
      names = "--max-concurrency",
      paramLabel = "N",
      description =
          "How many segments at a time. Default: on this machine 4 for each processor, on AWS 1,000, but no more than four times what the budget keeps busy.")
  @Nullable Integer maxConcurrency;

  @Option(
      names = "--guard",
      paramLabel = "GUARD",
      defaultValue = "read-set",
      description =
          "What writes are conditioned on: read-set (what the transform read and what is written is still as scanned), version:ATTRIBUTE, none. Default: ${DEFAULT-VALUE}.")
  String guard = "";

  @Option(
      names = "--parameter",
      paramLabel = "NAME=VALUE",
      description = "What the transform may read; may be repeated. Default: none.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = "--item-failures-allowed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many items of a segment may fail before the segment does. Default: ${DEFAULT-VALUE}.")
  int itemFailuresAllowed;

  @Option(
      names = "--tolerated-failure-percentage",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "How many segments in a hundred may fail before the run does. Default: ${DEFAULT-VALUE}.")
  int toleratedFailurePercentage;

  @Option(
      names = "--read-units-per-second",
      paramLabel = "N",
      description = "Read budget of the whole run. Default: no limit.")
  @Nullable Integer readUnitsPerSecond;

  @Option(
      names = "--write-units-per-second",
      paramLabel = "N",
      description = "Write budget of the whole run. Default: no limit.")
  @Nullable Integer writeUnitsPerSecond;

  @Option(
      names = "--slice-seconds",
      paramLabel = "N",
      defaultValue = "240",
      description = "How long one call of the worker may take. Default: ${DEFAULT-VALUE}.")
  int sliceSeconds;

  static final class Segments implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      try {
        int segments = Integer.parseInt(text);
        if (segments >= 1 && segments <= RunRequest.MOST_SEGMENTS) {
          return segments;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException(
          "give a whole number from 1 to 1,000,000, not '" + text + "'");
    }
  }

  /** What the transform may read. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** How many segments at a time keep this machine busy. */
  public static int concurrencyHere() {
    return Math.min(RunRequest.MOST_CONCURRENT, 4 * Runtime.getRuntime().availableProcessors());
  }

  /**
   * How many segments are worked on at once.
   *
   * @param most where nothing was said, and no budget speaks for fewer
   */
  SegmentsAtOnce atOnce(int most) {
    return maxConcurrency == null
        ? SegmentsAtOnce.of(optional(readUnitsPerSecond), optional(writeUnitsPerSecond), most)
        : new SegmentsAtOnce(maxConcurrency, Optional.empty());
  }

  /**
   * The request that these options make.
   *
   * @param defaultConcurrency where nothing was said, and no budget speaks for fewer
   * @throws CommandFailed when it cannot be
   */
  public RunRequest request(
      String runId,
      String table,
      String migration,
      RunKind kind,
      Map<String, String> parameters,
      Optional<RunRequest.Prewarm> prewarm,
      int defaultConcurrency) {
    if (kind.canary().isPresent() && !kind.mode().writes()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "--canary is left out of --dry-run and --verify: they write nothing, so there is nothing to begin small with");
    }
    try {
      return new RunRequest(
          runId,
          table,
          migration,
          kind.direction(),
          kind.mode(),
          segments,
          atOnce(defaultConcurrency).number(),
          sliceSeconds,
          Guard.of(guard),
          kind.stamp(),
          itemFailuresAllowed,
          toleratedFailurePercentage,
          optional(readUnitsPerSecond),
          optional(writeUnitsPerSecond),
          prewarm,
          parameters,
          kind.retryFailures(),
          Optional.empty(),
          kind.keepBeforeImages(),
          kind.source(),
          kind.target(),
          kind.sample(),
          kind.canary().map(canary -> canary.of(segments)),
          Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }
}
