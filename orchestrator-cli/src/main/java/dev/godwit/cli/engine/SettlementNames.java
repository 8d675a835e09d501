package dev.godwit.cli.engine;

import dev.godwit.asl.Engine;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.ExecutionSummary;
import java.util.Optional;

/**
 * Names the settlements of a run's endings: {@code settle-RUN-2} is the first of the ending after
 * two redrives, {@code settle-RUN-2-1} the second.
 */
final class SettlementNames {
  private SettlementNames() {}

  /** The first name that is free. */
  static String next(Engine engine, String runId, int redriveCount) {
    int tries = 0;
    while (engine.find(name(runId, redriveCount, tries)).isPresent()) {
      tries++;
    }
    return name(runId, redriveCount, tries);
  }

  /** Whether a living process settles that ending. */
  static boolean isUnderWay(Engine engine, String runId, int redriveCount) {
    Optional<ExecutionSummary> latest = Optional.empty();
    var found = engine.find(name(runId, redriveCount, 0));
    for (int tries = 1; found.isPresent(); tries++) {
      latest = found;
      found = engine.find(name(runId, redriveCount, tries));
    }
    return latest
        .filter(settled -> settled.status() == ExecutionStatus.RUNNING && !settled.killed())
        .isPresent();
  }

  private static String name(String runId, int redriveCount, int tries) {
    return "settle-" + runId + "-" + redriveCount + (tries == 0 ? "" : "-" + tries);
  }
}
