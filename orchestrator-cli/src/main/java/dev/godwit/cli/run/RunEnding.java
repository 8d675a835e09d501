package dev.godwit.cli.run;

import dev.godwit.worker.Tally;
import java.time.Duration;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param tally of all that was done, failed segments included
 * @param resultsLocation where the results and the failure records are
 * @param error why it did not succeed, for people
 */
public record RunEnding(
    String runId,
    RunStatus status,
    SegmentCounts segments,
    Tally tally,
    String resultsLocation,
    Duration duration,
    Optional<String> error) {}
