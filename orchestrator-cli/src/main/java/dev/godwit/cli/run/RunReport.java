package dev.godwit.cli.run;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.record.SampleRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a run has left.
 *
 * @param state how the run stands
 * @param exact the sum of the tallies of the segments, and of the files of deferred actions, that
 *     succeeded; nothing is counted twice
 * @param failedSegments those that did not succeed
 * @param failedActions the files of deferred actions that did not succeed
 * @param failures how many items, and deferred actions, have failed by the latest word about each,
 *     by their error
 * @param failureFiles where their failure records are
 * @param resultsLocation where all of it is
 * @param samples some of the changes that a run without writes would make, or that one would make
 *     again to its canary
 * @param course how it went
 * @param ran the code that it ran, as far as is known
 */
public record RunReport(
    RunState state,
    Tally exact,
    List<FailedSegment> failedSegments,
    List<FailedActions> failedActions,
    Map<String, Long> failures,
    List<String> failureFiles,
    String resultsLocation,
    List<SampleRecord> samples,
    Course course,
    Code ran) {
  public RunReport {
    failedSegments = List.copyOf(failedSegments);
    failedActions = List.copyOf(failedActions);
    failures = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(failures));
    failureFiles = List.copyOf(failureFiles);
    samples = List.copyOf(samples);
  }

  /**
   * Which code a run ran.
   *
   * @param digest of its migration's code; empty for one of which no segment has ended and no
   *     record is kept
   * @param workerVersion the version of the worker that has it; empty for a run that keeps no
   *     record
   */
  public record Code(Optional<String> digest, Optional<String> workerVersion) {}

  /** The same, of a run that is known to have run {@code code}. */
  public RunReport having(Code code) {
    return new RunReport(
        state,
        exact,
        failedSegments,
        failedActions,
        failures,
        failureFiles,
        resultsLocation,
        samples,
        course,
        code);
  }

  /**
   * A segment that did not succeed.
   *
   * @param error its name; {@code ABORTED} for one that was only stopped
   */
  public record FailedSegment(int segment, String error, String cause) {
    public FailedSegment {
      cause = ErrorText.unwrapped(cause);
    }

    private boolean isOnlyStopped() {
      return error.equals("ABORTED");
    }
  }

  /**
   * A file of deferred actions of which not all could be carried out.
   *
   * @param file its name in the results
   * @param error its name; {@code ABORTED} for one that was only stopped
   */
  public record FailedActions(String file, String error, String cause) {
    public FailedActions {
      cause = ErrorText.unwrapped(cause);
    }
  }

  /** The same, with other advice. */
  public RunReport advising(Optional<String> advice) {
    return new RunReport(
        state.advising(advice),
        exact,
        failedSegments,
        failedActions,
        failures,
        failureFiles,
        resultsLocation,
        samples,
        course,
        ran);
  }

  /** How many items, and deferred actions, have failed: that many have a record. */
  public long failed() {
    return failures.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * How the run ended, or stands: with the exact tally where all of it is exact, and with what a
   * segment has failed of where the run did for that. What has failed is counted by the records, so
   * that no failure counts twice which a crash, or a redrive, has made the run meet again.
   */
  public RunEnding ending() {
    return counted()
        .withFailed(
            state.status() == RunStatus.SUCCEEDED
                ? Math.max(failed(), exact.count(Counter.FAILED)) // records may be kept less long
                : failed());
  }

  private RunEnding counted() {
    var ending = state.ending();
    boolean exactly = state.status() == RunStatus.SUCCEEDED;
    return new RunEnding(
        ending.runId(),
        ending.status(),
        ending.segments(),
        exactly ? exact : ending.tally(),
        exactly ? resultsLocation : ending.resultsLocation(),
        ending.duration(),
        ending.error().map(error -> error + firstFailure(error)),
        ending.advice(),
        exactly || state.request().canary().isPresent() ? samples : ending.samples());
  }

  private String firstFailure(String error) {
    return failedSegments.stream()
        .filter(failed -> !failed.isOnlyStopped() && !error.contains(failed.cause()))
        .findFirst()
        .map(
            failed ->
                System.lineSeparator()
                    + "Segment "
                    + failed.segment()
                    + " failed with "
                    + failed.error()
                    + ": "
                    + failed.cause())
        .orElse("");
  }
}
