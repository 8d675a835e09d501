package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.Target;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which other table items are put into, and how. */
final class TargetOptions {
  @Option(
      names = "--target",
      paramLabel = "NAME",
      description =
          "Put the items into the table NAME, as the transform makes them, and only read --table. Default: the migration's own target, or none: items are changed in place.")
  private @Nullable String target;

  @Option(
      names = "--put",
      paramLabel = "RULE",
      description =
          "What becomes of an item that is in the target already: if-absent (it stays), always (it is overwritten), replace-older:ATTRIBUTE (it is overwritten if its ATTRIBUTE is less). Default: if-absent.")
  private @Nullable String put;

  /**
   * What they say; absent when they say nothing.
   *
   * @throws CommandFailed when it cannot be
   */
  Optional<Target> target() {
    return target(target, put);
  }

  /**
   * The target that is named so; absent when none is.
   *
   * @param put its rule; null for that which overwrites nothing
   * @throws CommandFailed when it cannot be
   */
  static Optional<Target> target(@Nullable String target, @Nullable String put) {
    if (target == null) {
      if (put != null) {
        throw new CommandFailed(
            ExitCode.BAD_USAGE,
            "--put says how items come into a target: name it with --target, or leave out --put."
                + " Nothing was begun");
      }
      return Optional.empty();
    }
    try {
      return Optional.of(
          put == null ? Target.table(target) : new Target(target, Target.Put.of(put)));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.BAD_USAGE, e.getMessage() + ". Nothing was begun", e);
    }
  }
}
