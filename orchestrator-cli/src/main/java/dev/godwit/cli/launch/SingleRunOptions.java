package dev.godwit.cli.launch;

import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that make sense for one run of one migration alone. */
public final class SingleRunOptions {
  @Option(names = "--down", description = "Undo the migration instead of applying it.")
  private boolean down;

  @ArgGroup private Rehearsal rehearsal = new Rehearsal();

  @Option(
      names = "--stamp",
      paramLabel = "ATTRIBUTE",
      description =
          "Set ATTRIBUTE to the migration's id with each write and never transform an item that has it: for transforms that must not be repeated. Default: none.")
  private @Nullable String stamp;

  @Option(
      names = "--retry-failures",
      paramLabel = "RUN",
      description =
          "Offer only the items that failed in the run RUN, read fresh, and scan nothing. Give the same table and migration. Default: none, the table is scanned.")
  private @Nullable String retryFailures;

  @Mixin private SourceOptions source = new SourceOptions();
  @Mixin private TargetOptions target = new TargetOptions();
  @Mixin private CanaryOptions canary = new CanaryOptions();

  @Option(
      names = "--keep-before-images",
      negatable = true,
      fallbackValue = "true",
      defaultValue = "false",
      description =
          "Keep what each item holds in the attributes that are about to be written, beside the results, so that 'godwit undo RUN' can put it back. Default: ${DEFAULT-VALUE}.")
  private boolean keepBeforeImages;

  /** Runs that write nothing. */
  static final class Rehearsal {
    @Option(names = "--dry-run", description = "Transform and count, but write nothing.")
    boolean dryRun;

    @Option(
        names = "--verify",
        description = "Write nothing, and fail if the transform would still change an item.")
    boolean verify;
  }

  public RunKind kind() {
    return kind(
        arn -> {
          throw ExportArns.notHere(arn);
        });
  }

  /**
   * @param exports knows where the summary of the export with an ARN is
   */
  RunKind kind(UnaryOperator<String> exports) {
    return new RunKind(
        down ? Direction.DOWN : Direction.UP,
        mode(),
        Optional.ofNullable(stamp),
        Optional.ofNullable(retryFailures),
        keepBeforeImages,
        source.source(exports),
        target.target(),
        OptionalInt.empty(),
        canary.asked());
  }

  private Mode mode() {
    if (rehearsal.dryRun) {
      return Mode.DRY_RUN;
    }
    return rehearsal.verify ? Mode.VERIFY : Mode.APPLY;
  }
}
