package dev.godwit.cli.run;

import dev.godwit.run.RunRequest;
import java.util.Map;
import java.util.Optional;

/**
 * Runs that go on whether this process does or not: what waits for them only watches, and asked to
 * stop, stops watching.
 */
public interface RemoteRuns extends Runs {
  /** What people should know before {@code request} is started there, if anything. */
  Optional<String> misgiving(RunRequest request);

  /**
   * Starts {@code request} and returns at once.
   *
   * @return where people can look at it, what is there to its address
   */
  Map<String, String> start(RunRequest request);

  /** Starts {@code request} and watches it to its end. */
  RunEnding run(RunRequest request, RunObserver observer, StopSignal stop);

  /** Makes the runs of one place. */
  @FunctionalInterface
  interface Places {
    /**
     * Opens a place.
     *
     * @param address of the place, as its users know it
     * @throws IllegalArgumentException when it is no address; the message is for people
     */
    RemoteRuns at(String address);
  }
}
