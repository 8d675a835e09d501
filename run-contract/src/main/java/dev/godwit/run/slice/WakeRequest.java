package dev.godwit.run.slice;

import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import dev.godwit.run.TargetRules;
import java.util.Optional;

/**
 * Asks a worker, before a run begins, whether it is there, which code it has for a migration, and
 * whether that can be run as it is asked for.
 *
 * @param runId the run that is to begin
 * @param tableName the table to migrate
 * @param migration the id of the migration
 * @param direction which of its transforms
 * @param mode whether changes are written; absent for yes
 * @param guard what writes are conditioned on; absent for what was read
 * @param stamp an attribute that marks items as done
 * @param code the digest that whoever started the run expects; absent when they do not know
 * @param undo the run whose writes are to be taken back; that needs no migration's code
 * @param keepBeforeImages whether what items hold is to be kept; absent for no
 * @param prewarm capacity to be ready before the scan begins
 * @param source where the items are to come from; absent for the migration's own source
 * @param target another table that items are to be put into; absent for the migration's own
 */
public record WakeRequest(
    String runId,
    String tableName,
    String migration,
    Direction direction,
    Optional<Mode> mode,
    Optional<Guard> guard,
    Optional<String> stamp,
    Optional<String> code,
    Optional<String> undo,
    Optional<Boolean> keepBeforeImages,
    Optional<RunRequest.Prewarm> prewarm,
    Optional<Source> source,
    Optional<Target> target) {
  /** What else than a target is asked for. */
  public TargetRules.Asked asked() {
    return new TargetRules.Asked(
        tableName,
        direction,
        mode.orElse(Mode.APPLY),
        guard.orElseGet(Guard.ReadSet::new),
        stamp.isPresent(),
        undo.isPresent(),
        keepBeforeImages.orElse(false),
        prewarm.isPresent());
  }
}
