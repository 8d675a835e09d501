package dev.godwit.cli.run;

import dev.godwit.cli.ledger.CanaryCount;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.run.RunRequest;
import dev.godwit.run.Tally;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How far a run is, seen from outside.
 *
 * @param request what it was asked to do
 * @param killed whether its process died before it ended; only on this machine
 * @param endedAt empty while it runs
 * @param segments how many have ended
 * @param counted all slices so far, added up for watching: not exact
 * @param error why it did not succeed, for people
 * @param places where people can look at it, what is there to its address
 * @param advice what can be done now
 * @param rate how fast it may go at present; empty for a run that is not in the ledger
 * @param canary what its canary has come to; empty for a run without, or one not in the ledger
 */
public record RunState(
    RunRequest request,
    RunStatus status,
    boolean killed,
    Instant startedAt,
    Optional<Instant> endedAt,
    SegmentCounts segments,
    Tally counted,
    Optional<String> error,
    Map<String, String> places,
    Optional<String> advice,
    Optional<RunRate> rate,
    Optional<CanaryCount> canary) {
  public RunState {
    error = error.map(ErrorText::unwrapped);
    places = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(places));
  }

  /** Whether it is still going on: not ended, not killed. */
  public boolean isRunning() {
    return status == RunStatus.RUNNING && !killed;
  }

  /** Whether it waits until somebody resumes it. */
  public boolean isPaused() {
    return isRunning() && rate.map(RunRate::paused).orElse(false);
  }

  /** The write budget as it is at present; absent for none. */
  public OptionalInt writeUnitsPerSecond() {
    var changed = rate.map(RunRate::writeUnitsPerSecond).orElse(OptionalInt.empty());
    return changed.isPresent() ? changed : request.writeUnitsPerSecond();
  }

  /** How fast it may write at {@code now}. */
  public WriteRate writeRate(Instant now) {
    return WriteRate.of(writeUnitsPerSecond(), rate.filter(any -> isRunning()), now);
  }

  /** How many segments are worked on at once at present. */
  public int maxConcurrency() {
    return rate.map(RunRate::maxConcurrency)
        .orElse(OptionalInt.empty())
        .orElse(request.maxConcurrency());
  }

  /** The read budget as it is at present; absent for none. */
  public OptionalInt readUnitsPerSecond() {
    var changed = rate.map(RunRate::readUnitsPerSecond).orElse(OptionalInt.empty());
    return changed.isPresent() ? changed : request.readUnitsPerSecond();
  }

  /** {@code RUNNING} and the like, or {@code KILLED}. */
  public String word() {
    return killed ? "KILLED" : status.name();
  }

  /** Under this name the {@link #places} have the results. */
  public static final String RESULTS = "results";

  /** How it ended, or stands, by what was counted. */
  public RunEnding ending() {
    return new RunEnding(
        request.runId(),
        status,
        segments,
        counted,
        places.getOrDefault(RESULTS, ""),
        Duration.between(startedAt, endedAt.orElse(startedAt)),
        error,
        advice,
        List.of());
  }

  RunState advising(Optional<String> other) {
    return new RunState(
        request, status, killed, startedAt, endedAt, segments, counted, error, places, other, rate,
        canary);
  }
}
