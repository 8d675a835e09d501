package dev.godwit.cli.launch;

import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a run does with its migration.
 *
 * @param stamp an attribute that marks items as done; see {@link dev.godwit.run.RunRequest#stamp()}
 * @param retryFailures an earlier run of which only the failed items are offered
 * @param keepBeforeImages whether what items hold is kept before they are written
 * @param source where the items come from; absent for the migration's own source
 * @param target another table that items are put into; absent for the migration's own, or else to
 *     change them in place
 * @param sample how many items of each segment a verification looks at, at most; absent for all
 * @param canary segments that are migrated before all others; absent for none
 */
public record RunKind(
    Direction direction,
    Mode mode,
    Optional<String> stamp,
    Optional<String> retryFailures,
    boolean keepBeforeImages,
    Optional<Source> source,
    Optional<Target> target,
    OptionalInt sample,
    Optional<CanaryAsked> canary) {
  /** The same, with items put into {@code there}, if that is anywhere. */
  RunKind into(Optional<Target> there) {
    return new RunKind(
        direction, mode, stamp, retryFailures, keepBeforeImages, source, there, sample, canary);
  }

  /** The same, with items from {@code there}, if that is said. */
  RunKind outOf(Optional<Source> there) {
    return new RunKind(
        direction, mode, stamp, retryFailures, keepBeforeImages, there, target, sample, canary);
  }

  /** The same, with such a canary, if there is one. */
  public RunKind after(Optional<CanaryAsked> first) {
    return new RunKind(
        direction, mode, stamp, retryFailures, keepBeforeImages, source, target, sample, first);
  }

  /** Applies a migration to the whole table, or tries that and writes nothing. */
  public static RunKind up(Mode mode, boolean keepBeforeImages, Optional<Target> target) {
    return new RunKind(
        Direction.UP,
        mode,
        Optional.empty(),
        Optional.empty(),
        keepBeforeImages,
        Optional.empty(),
        target,
        OptionalInt.empty(),
        Optional.empty());
  }

  /** Keeps the items of a table in files. */
  public static RunKind export() {
    return new RunKind(
        Direction.UP,
        Mode.EXPORT,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty());
  }

  /** Looks whether a migration has done what it is for, and writes nothing. */
  static RunKind verification(
      Optional<Source> source, Optional<Target> target, OptionalInt sample) {
    return new RunKind(
        Direction.UP,
        Mode.VERIFY,
        Optional.empty(),
        Optional.empty(),
        false,
        source,
        target,
        sample,
        Optional.empty());
  }

  /** What of this is no default, as words of a command. */
  List<String> words() {
    var words = new ArrayList<String>();
    if (direction == Direction.DOWN) {
      words.add("--down");
    }
    stamp.ifPresent(attribute -> words.add("--stamp " + attribute));
    retryFailures.ifPresent(run -> words.add("--retry-failures " + run));
    return words;
  }
}
