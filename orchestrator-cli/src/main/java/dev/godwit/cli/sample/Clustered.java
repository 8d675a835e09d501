package dev.godwit.cli.sample;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One number of each item that was looked at, as far as is needed to tell its mean over the whole
 * table, and how sure that is. Items are looked at a segment at a time, and those of one segment
 * may be alike: they are neighbours, perhaps of one item collection. Used from one thread.
 *
 * <p>The interval is Clopper and Pearson's (1934), which covers a share in at least 95 of 100
 * samples. A mean is made of shares: that of the items with at least the second smallest value,
 * with at least the third smallest, and so on, each weighted with the step from the value below.
 * Their bounds are added up, as if all were off together, which makes the interval rather too wide
 * than too narrow.
 *
 * <p>Segments are accounted for as Korn and Graubard (1998) do: the shares are taken as those of so
 * many items drawn one by one as would have the variance that is found between segments, and never
 * of more than there are; where all items have one value, and no variance tells anything, of so
 * many as there are item collections. What is drawn from little is surer: that is the correction
 * for a finite population, by which the number grows without bounds as all items are looked at.
 *
 * <p>A value that no item has that was looked at is not in the interval, but for those of which it
 * is known that they may be.
 */
final class Clustered {
  /**
   * Left out at either end: half of what 95 % would leave out, for as how many draws the items
   * count is itself found out from them.
   */
  private static final double TAIL = 0.0125;

  /** Shares that bounds are found for; finer ones are put together, away from the middle. */
  private static final int MOST_STEPS = 400;

  private final TreeMap<Double, Long> items = new TreeMap<>();
  private final double[] possible;
  private double sum;
  private double squares;
  private double ofSegment;
  private double segmentSquares;
  private double segmentProducts;

  /**
   * @param possible values that an item may have, whether or not one is met
   */
  Clustered(double... possible) {
    this.possible = possible.clone();
  }

  /** A number of which it is known that it may be 0 or 1, at least. */
  static Clustered ofUnits() {
    return new Clustered(0, 1);
  }

  /** Takes the value of one item of the present segment. */
  void add(double value) {
    add(value, 1);
  }

  /** Takes the one value of several items of the present segment. */
  void add(double value, long count) {
    if (count > 0) {
      items.merge(value, count, Long::sum);
      sum += value * count;
      squares += value * value * count;
      ofSegment += value * count;
    }
  }

  /** Ends the present segment, of which {@code count} items were looked at. */
  void endSegment(long count) {
    segmentSquares += ofSegment * ofSegment;
    segmentProducts += ofSegment * count;
    ofSegment = 0;
  }

  /** The sum over the items that were looked at. */
  double sum() {
    return sum;
  }

  /** The mean over all items, from what {@code drawn} says of those that were looked at. */
  Interval mean(Drawn drawn) {
    if (drawn.items() == 0) {
      return Interval.ZERO;
    }
    double mean = sum / drawn.items();
    if (drawn.isComplete()) {
      return Interval.exactly(mean);
    }
    double size = effectiveSize(mean, drawn);
    var values = values();
    var atLeast = atLeast(values);
    double low = values.get(0);
    double high = low;
    int stride = (values.size() + MOST_STEPS - 1) / MOST_STEPS;
    for (int first = 1; first < values.size(); first += stride) {
      int last = Math.min(first + stride, values.size()) - 1;
      double step = values.get(last) - values.get(first - 1);
      low += step * lower((double) atLeast[last] / drawn.items(), size);
      high += step * upper((double) atLeast[first] / drawn.items(), size);
    }
    return new Interval(Math.min(low, mean), mean, Math.max(high, mean));
  }

  /** Those that were met, and those that may be, ascending. */
  private List<Double> values() {
    var values = new TreeSet<>(items.keySet());
    for (double value : possible) {
      values.add(value);
    }
    return new ArrayList<>(values);
  }

  /** How many items have each of these values or a larger one. */
  private long[] atLeast(List<Double> values) {
    var counts = new long[values.size()];
    long larger = 0;
    for (int i = counts.length - 1; i >= 0; i--) {
      larger += items.getOrDefault(values.get(i), 0L);
      counts[i] = larger;
    }
    return counts;
  }

  /** As items of how many draws, one by one from an endless table, those looked at count. */
  private double effectiveSize(double mean, Drawn drawn) {
    double n = drawn.items();
    double spread = Math.max(0, squares / n - mean * mean) * n / Math.max(1, n - 1);
    double size = Math.min(n, (double) drawn.collections());
    if (spread > 0 && drawn.filled() > 1) {
      double m = drawn.filled();
      double residuals =
          segmentSquares - 2 * mean * segmentProducts + mean * mean * drawn.squaredSegmentSizes();
      double variance = Math.max(0, residuals) * m / (m - 1) / (n * n);
      double student = Beta.student(n - 1) / Beta.student(m - 1);
      size = variance > 0 ? Math.min(n, spread / variance * student * student) : n;
    }
    return Math.max(1, size) / (1 - drawn.share());
  }

  /** Clopper and Pearson's lower bound of a share that was found in {@code size} draws. */
  private static double lower(double share, double size) {
    return share <= 0 ? 0 : Beta.quantile(TAIL, share * size, (1 - share) * size + 1);
  }

  private static double upper(double share, double size) {
    return share >= 1 ? 1 : Beta.quantile(1 - TAIL, share * size + 1, (1 - share) * size);
  }
}
