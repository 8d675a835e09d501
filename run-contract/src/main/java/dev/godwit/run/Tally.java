package dev.godwit.run;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counters of a page, a slice or a segment. Immutable; absent counters are zero. Whole numbers are
 * exact up to 2^53.
 *
 * <p>Always {@code scanned = kept + updated + deleted + put + thereAlready + leftOut + different +
 * failed}.
 */
public record Tally(Map<Counter, Double> counts) {
  public static final Tally ZERO = new Tally(Map.of());

  public Tally {
    var copy = new EnumMap<Counter, Double>(Counter.class);
    copy.putAll(counts);
    copy.values().removeIf(amount -> amount == 0);
    counts = Collections.unmodifiableMap(copy);
  }

  public static Tally of(Counter counter, double amount) {
    return new Tally(Map.of(counter, amount));
  }

  public Tally plus(Counter counter, double amount) {
    return amount == 0 ? this : plus(of(counter, amount));
  }

  /** The same with {@code amount} of {@code counter}, whatever it has counted of that. */
  public Tally with(Counter counter, double amount) {
    var other = new EnumMap<Counter, Double>(Counter.class);
    other.putAll(counts);
    other.put(counter, amount);
    return new Tally(other);
  }

  public Tally plus(Tally other) {
    var sum = new EnumMap<Counter, Double>(Counter.class);
    sum.putAll(counts);
    other.counts.forEach((counter, amount) -> sum.merge(counter, amount, Double::sum));
    return new Tally(sum);
  }

  /** Whether anything has been counted. */
  public boolean isSomething() {
    return !counts.isEmpty();
  }

  /** Units, or a whole number. */
  public double amount(Counter counter) {
    return counts.getOrDefault(counter, 0.0);
  }

  /** A whole number of items, actions, bytes or throttles. */
  public long count(Counter counter) {
    return Math.round(amount(counter));
  }

  /** Adds up; used from one thread. */
  public static final class Sum {
    private final EnumMap<Counter, Double> counts = new EnumMap<>(Counter.class);

    public void add(Counter counter, double amount) {
      counts.merge(counter, amount, Double::sum);
    }

    public void add(Tally tally) {
      tally.counts.forEach(this::add);
    }

    public Tally total() {
      return new Tally(counts);
    }
  }
}
