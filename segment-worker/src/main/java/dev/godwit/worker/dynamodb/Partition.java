package dev.godwit.worker.dynamodb;

import dev.godwit.worker.write.Answer;
import java.util.ArrayList;
import java.util.List;
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
    var places = new ArrayList<Integer>();
    var otherPlaces = new ArrayList<Integer>();
    for (int i = 0; i < writes.size(); i++) {
      boolean way = first.test(writes.get(i));
      (way ? one : other).add(writes.get(i));
      (way ? places : otherPlaces).add(i);
    }
    if (other.isEmpty()) {
      return oneWay.apply(one);
    }
    if (one.isEmpty()) {
      return otherWay.apply(other);
    }
    return Answer.merged(oneWay.apply(one), places, otherWay.apply(other), otherPlaces);
  }
}
