package dev.godwit.cli.lifecycle;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Follows a run that goes on elsewhere until it has ended, by asking how far it is again and again.
 *
 * <p>A question that is not answered does not end the watch: it is asked again, less and less
 * often. One that is refused for good (no permission, an expired token, a bucket that is not there)
 * does.
 */
final class Watch {
  private static final Duration SELDOM = Duration.ofSeconds(30);

  private final RunLifecycle runs;
  private final Duration every;
  private final Waiting waiting;

  /**
   * @param every how long to wait between two questions
   */
  Watch(RunLifecycle runs, Duration every, Waiting waiting) {
    this.runs = runs;
    this.every = every;
    this.waiting = waiting;
  }

  /**
   * Waits for the run's end.
   *
   * @return how it ended; RUNNING if {@code stop} was asked for first, which leaves the run alone
   * @throws CommandFailed when there is no such run, or AWS refuses to tell; the run is left alone
   */
  RunEnding untilItEnds(String runId, RunObserver observer, StopSignal stop) {
    var counted = Tally.ZERO;
    Map<String, String> places = Map.of();
    var wait = every;
    while (true) {
      try {
        var state = runs.state(runId);
        wait = every;
        if (!state.places().equals(places)) {
          places = state.places();
          observer.placesAre(places);
        }
        observer.pageDone(since(counted, state.counted()));
        counted = state.counted();
        observer.segmentsAre(state.segments());
        observer.rateIs(state.writeRate(waiting.now()));
        observer.stateIs(state);
        if (stop.isStopped()) {
          return state.ending();
        }
        if (!state.isRunning()) {
          return runs.ending(runs.report(runId));
        }
      } catch (CommandFailed e) {
        if (e.exitCode() != ExitCode.UNREACHABLE || isRefusal(e) || stop.isStopped()) {
          throw e;
        }
        observer.unanswered(String.valueOf(e.getMessage()));
        wait = wait.multipliedBy(2).compareTo(SELDOM) > 0 ? SELDOM : wait.multipliedBy(2);
      }
      waiting.pause(wait, stop);
    }
  }

  /** True when AWS has answered, and will answer so again: a status 4xx that is no throttling. */
  private static boolean isRefusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AwsServiceException answer) {
        return answer.statusCode() / 100 == 4 && !answer.isThrottlingException();
      }
    }
    return false;
  }

  private static Tally since(Tally before, Tally now) {
    var added = new EnumMap<Counter, Double>(Counter.class);
    for (Counter counter : Counter.values()) {
      added.put(counter, now.amount(counter) - before.amount(counter));
    }
    return new Tally(added);
  }
}
