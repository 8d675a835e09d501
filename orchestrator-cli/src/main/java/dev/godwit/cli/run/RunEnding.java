package dev.godwit.cli.run;

import dev.godwit.run.Tally;
import dev.godwit.worker.record.SampleRecord;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param tally of all that was done, failed segments included
 * @param resultsLocation where the results and the failure records are
 * @param error why it did not succeed, for people
 * @param samples some of the changes that a run without writes would make
 */
public record RunEnding(
    String runId,
    RunStatus status,
    SegmentCounts segments,
    Tally tally,
    String resultsLocation,
    Duration duration,
    Optional<String> error,
    List<SampleRecord> samples) {
  public RunEnding {
    samples = List.copyOf(samples);
  }
}
