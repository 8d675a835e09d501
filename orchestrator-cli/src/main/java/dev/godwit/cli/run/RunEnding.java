package dev.godwit.cli.run;

import dev.godwit.run.Counter;
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
 * @param advice what can be done now, for people
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
    Optional<String> advice,
    List<SampleRecord> samples) {
  public RunEnding {
    samples = List.copyOf(samples);
  }

  /**
   * The same, with what the process that carried it out has heard of it.
   *
   * @param own why the run itself did not succeed
   */
  public RunEnding heard(Tally heard, Optional<String> own, Optional<String> firstFailure) {
    var first =
        firstFailure
            .filter(told -> !own.equals(Optional.of(told)))
            .map(told -> System.lineSeparator() + "The first failure was " + told);
    return new RunEnding(
        runId,
        status,
        segments,
        heard,
        resultsLocation,
        duration,
        status == RunStatus.ABORTED ? Optional.empty() : own.map(error -> error + first.orElse("")),
        advice,
        samples);
  }

  /** The same, if so many have failed. */
  public RunEnding withFailed(long failed) {
    return new RunEnding(
        runId,
        status,
        segments,
        tally.with(Counter.FAILED, (double) failed),
        resultsLocation,
        duration,
        error,
        advice,
        samples);
  }

  /** The same, with other advice, if there is some. */
  public RunEnding advising(Optional<String> other) {
    return new RunEnding(
        runId,
        status,
        segments,
        tally,
        resultsLocation,
        duration,
        error,
        other.or(() -> advice),
        samples);
  }
}
