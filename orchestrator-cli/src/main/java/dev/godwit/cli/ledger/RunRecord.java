package dev.godwit.cli.ledger;

import dev.godwit.run.Tally;
import java.time.Instant;
import java.util.Optional;

/**
 * What the ledger says of a run.
 *
 * @param executionArn the execution that opened it
 * @param request the run request as JSON
 * @param status {@code RUNNING}, or how the execution ended; written when the run is settled
 * @param fence the lease's fence when this run took its table last
 * @param redrives the number of redrives that the execution's next ending, or its last one if the
 *     run is settled, tells
 * @param code the digest of the migration's code that the run goes on with
 * @param workerVersion the version of the worker's function that has that code; empty for a run
 *     that was opened before the ledger had it
 * @param undoneBy the run that takes back what this one has written, or did
 * @param slices how many slices were counted
 * @param counted the sum of those slices: for watching, not exact
 * @param capacityBefore what the table's capacity was, while it is raised; JSON
 * @param capacityNotRestored why AWS refused to lower the table's capacity again
 */
public record RunRecord(
    String runId,
    String tableName,
    String migration,
    String executionArn,
    String request,
    String status,
    Instant startedAt,
    Optional<Instant> endedAt,
    Optional<String> error,
    Optional<String> cause,
    long fence,
    int redrives,
    Optional<String> code,
    Optional<String> workerVersion,
    Optional<String> undoneBy,
    long slices,
    Tally counted,
    Optional<String> capacityBefore,
    Optional<String> capacityNotRestored) {
  /** Whether the run's books are open: it goes on, or nobody has settled its end. */
  public boolean isOpen() {
    return status.equals("RUNNING");
  }
}
