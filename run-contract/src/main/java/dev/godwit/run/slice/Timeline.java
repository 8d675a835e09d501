package dev.godwit.run.slice;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was counted when: the counters of spans of time, all equally long, of which there are never
 * many. When there would be too many, the spans become twice as long. So it stays small however
 * long a segment takes, and what it has counted in all stays exact.
 *
 * <p>A page counts in the span in which it is done. Spans in which nothing was counted are not
 * kept. The spans of all segments begin at the same moments, so that they can be added up.
 *
 * <p>Immutable.
 *
 * @param seconds how long a span is: a power of two
 * @param spans what was counted in each, by its number: that of the span at 1970 is 0
 */
public record Timeline(long seconds, Map<Long, Tally> spans) {
  /** Spans of one segment, at most: with these a segment's answer grows by a kilobyte or so. */
  public static final int MOST_OF_A_SEGMENT = 32;

  /** What it keeps; the other counters are left to the tally. */
  public static final Set<Counter> KEPT =
      Collections.unmodifiableSet(
          EnumSet.of(
              Counter.SCANNED,
              Counter.UPDATED,
              Counter.DELETED,
              Counter.PUT,
              Counter.CONFLICTS,
              Counter.FAILED,
              Counter.ACTIONS,
              Counter.THROTTLES,
              Counter.TABLE_THROTTLES,
              Counter.INDEX_THROTTLES,
              Counter.PARTITION_THROTTLES,
              Counter.ACCOUNT_THROTTLES,
              Counter.MAXIMUM_THROTTLES,
              Counter.READ_UNITS,
              Counter.WRITE_UNITS));

  public static final Timeline EMPTY = new Timeline(1, Map.of());

  public Timeline {
    if (seconds < 1 || Long.bitCount(seconds) != 1) {
      throw new IllegalArgumentException(
          "a timeline's seconds must be a power of two, not " + seconds);
    }
    spans = Collections.unmodifiableMap(new TreeMap<>(spans));
  }

  /** When the span {@code number} begins. */
  public Instant beginOf(long number) {
    return Instant.ofEpochSecond(number * seconds);
  }

  /** All that it has counted. */
  public Tally total() {
    var total = new Tally.Sum();
    spans.values().forEach(total::add);
    return total.total();
  }

  /** Adds up; used from one thread. */
  public static final class Sum {
    private final int most;
    private long seconds = 1;
    private TreeMap<Long, Tally.Sum> spans = new TreeMap<>();

    /**
     * @param most how many spans it may have
     */
    public Sum(int most) {
      this.most = most;
    }

    /** Adds what was counted at {@code at}; what is not {@link #KEPT} is left out. */
    public void add(Instant at, Tally counted) {
      add(Math.floorDiv(at.getEpochSecond(), seconds), counted);
      shorten();
    }

    public void add(Timeline other) {
      while (seconds < other.seconds) {
        widen();
      }
      long wide = seconds / other.seconds;
      other.spans.forEach((number, counted) -> add(Math.floorDiv(number, wide), counted));
      shorten();
    }

    private void add(long number, Tally counted) {
      counted
          .counts()
          .forEach(
              (counter, amount) -> {
                if (KEPT.contains(counter)) {
                  spans.computeIfAbsent(number, any -> new Tally.Sum()).add(counter, amount);
                }
              });
    }

    private void shorten() {
      while (spans.size() > most) {
        widen();
      }
    }

    private void widen() {
      seconds *= 2;
      var wider = new TreeMap<Long, Tally.Sum>();
      spans.forEach(
          (number, counted) ->
              wider
                  .computeIfAbsent(Math.floorDiv(number, 2), any -> new Tally.Sum())
                  .add(counted.total()));
      spans = wider;
    }

    public Timeline total() {
      var totals = new TreeMap<Long, Tally>();
      spans.forEach((number, counted) -> totals.put(number, counted.total()));
      return new Timeline(seconds, totals);
    }
  }
}
