package dev.godwit.worker.dynamodb;

import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Writes of one request that have to go two ways, and their outcomes in the order in which they
 * came.
 */
final class Partition<T> {
  private final List<T> writes;
  private final Predicate<T> first;

  private Partition(List<T> writes, Predicate<T> first) {
    this.writes = writes;
    this.first = first;
  }

  static <T> Partition<T> of(List<T> writes, Predicate<T> first) {
    return new Partition<>(writes, first);
  }

  /**
   * Sends the writes that {@code first} holds for one way, the rest the other; asks neither for
   * nothing.
   */
  Answer write(Function<List<T>, Answer> oneWay, Function<List<T>, Answer> otherWay) {
    var one = new ArrayList<T>();
    var other = new ArrayList<T>();
    var isOne = new ArrayList<Boolean>();
    for (T write : writes) {
      boolean way = first.test(write);
      isOne.add(way);
      (way ? one : other).add(write);
    }
    if (other.isEmpty()) {
      return oneWay.apply(one);
    }
    if (one.isEmpty()) {
      return otherWay.apply(other);
    }
    var ones = oneWay.apply(one);
    var others = otherWay.apply(other);
    var ofOne = ones.outcomes().iterator();
    var ofOther = others.outcomes().iterator();
    var outcomes = new ArrayList<Outcome>();
    for (boolean way : isOne) {
      outcomes.add(way ? ofOne.next() : ofOther.next());
    }
    var sum = joined(List.of(ones, others));
    return new Answer(outcomes, sum.units(), sum.throttles(), sum.indexThrottles());
  }

  /** The answers of several requests as one; its units are known only where all were reported. */
  static Answer joined(List<Answer> answers) {
    var outcomes = new ArrayList<Outcome>();
    double units = 0;
    boolean reported = true;
    int throttles = 0;
    int indexThrottles = 0;
    for (Answer answer : answers) {
      outcomes.addAll(answer.outcomes());
      units += answer.units().orElse(0);
      reported = reported && answer.units().isPresent();
      throttles += answer.throttles();
      indexThrottles += answer.indexThrottles();
    }
    return new Answer(
        outcomes,
        reported ? OptionalDouble.of(units) : OptionalDouble.empty(),
        throttles,
        indexThrottles);
  }
}
