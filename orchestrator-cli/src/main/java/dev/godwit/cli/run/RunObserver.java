package dev.godwit.cli.run;

import dev.godwit.run.Tally;
import java.util.Map;

/** Told how far a run is. Called from the engine's threads; must not block. */
public interface RunObserver {
  /** A page has been written; {@code page} counts that page alone. */
  void pageDone(Tally page);

  /** Segments have begun or ended. */
  void segmentsAre(SegmentCounts counts);

  /**
   * Where people can look at the run, what is there to its address; told again when there is more.
   */
  default void placesAre(Map<String, String> places) {}

  /** The run is carried out otherwise than it was asked for; {@code how} is for people. */
  default void adjusted(String how) {}

  /**
   * DynamoDB does not do what the run's workers ask of it, and is asked again.
   *
   * @param instead what it does instead, for people, as in {@code answers HTTP 503}
   */
  default void tableFails(String instead) {}

  /** DynamoDB has done something of what the run's workers ask of it. */
  default void tableAnswers() {}

  /** How fast it may go at present; told again and again. */
  default void rateIs(WriteRate rate) {}

  /** How a run that goes on elsewhere stands, whenever it was asked. */
  default void stateIs(RunState state) {}

  /** The run could not be asked how far it is, and is asked again; {@code why} is for people. */
  default void unanswered(String why) {}
}
