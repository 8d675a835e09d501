package dev.godwit.worker.write;

import dev.godwit.run.Tally;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What became of the writes of one request, or of the several that were sent for them.
 *
 * @param outcomes one for each write, in the same order
 * @param units write units that DynamoDB reported
 * @param unreported the places of those writes whose units are not among these; twice, where a
 *     write was sent twice
 * @param throttles how often a request or a write was throttled, by what
 */
public record Answer(
    List<Outcome> outcomes, double units, List<Integer> unreported, Tally throttles) {
  public Answer {
    outcomes = List.copyOf(outcomes);
    unreported = List.copyOf(unreported);
  }

  /**
   * What became of a single write.
   *
   * @param units as DynamoDB reported them; absent when it did not
   */
  public static Answer of(Outcome outcome, OptionalDouble units, Tally throttles) {
    return new Answer(
        List.of(outcome), units.orElse(0), units.isPresent() ? List.of() : List.of(0), throttles);
  }

  /** The answers to several requests as one: the writes of each after those of the one before. */
  public static Answer joined(List<Answer> answers) {
    var sum = new Sum(answers.stream().mapToInt(answer -> answer.outcomes.size()).sum());
    int from = 0;
    for (Answer answer : answers) {
      int to = from + answer.outcomes.size();
      sum.add(answer, IntStream.range(from, to).boxed().toList());
      from = to;
    }
    return sum.answer();
  }

  /**
   * The answers to two requests as one.
   *
   * @param places where the writes of {@code one} stand among those of both, in their order
   * @param otherPlaces where those of {@code other} do
   */
  public static Answer merged(
      Answer one, List<Integer> places, Answer other, List<Integer> otherPlaces) {
    var sum = new Sum(places.size() + otherPlaces.size());
    sum.add(one, places);
    sum.add(other, otherPlaces);
    return sum.answer();
  }

  /**
   * This answer and a later one to the writes at {@code places}, sent once more: what has become of
   * those is what {@code later} says, and both requests count.
   */
  public Answer then(Answer later, List<Integer> places) {
    var sum = new Sum(outcomes.size());
    sum.add(this, IntStream.range(0, outcomes.size()).boxed().toList());
    sum.add(later, places);
    return sum.answer();
  }

  /** Adds up answers, each to writes at other places. */
  private static final class Sum {
    private final Outcome[] outcomes;
    private final List<Integer> unreported = new ArrayList<>();
    private double units;
    private Tally throttles = Tally.ZERO;

    Sum(int size) {
      this.outcomes = new Outcome[size];
    }

    void add(Answer answer, List<Integer> places) {
      for (int i = 0; i < places.size(); i++) {
        outcomes[places.get(i)] = answer.outcomes.get(i);
      }
      units += answer.units;
      answer.unreported.forEach(place -> unreported.add(places.get(place)));
      throttles = throttles.plus(answer.throttles);
    }

    Answer answer() {
      return new Answer(Arrays.asList(outcomes), units, unreported, throttles);
    }
  }
}
