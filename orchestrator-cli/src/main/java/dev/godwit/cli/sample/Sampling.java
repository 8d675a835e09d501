package dev.godwit.cli.sample;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;

/**
 * Which segments of a table are read to look at so many of its items, and how far.
 *
 * <p>They are drawn at random from very many, so each holds few items, and items from all over the
 * table are looked at: an item collection, whose items may be alike, is in one segment. A segment
 * is read to its end, so that no item is likelier to be looked at than another; in a table of more
 * items than {@link #MOST_SEGMENTS} segments make small, only its first.
 *
 * @param segments which, in the order in which they are read
 * @param totalSegments of so many
 * @param itemsASegment more than so many of one segment are not read
 * @param isWhole whether these are all segments, to be read to their ends
 */
record Sampling(List<Integer> segments, int totalSegments, long itemsASegment, boolean isWhole) {
  /** Few enough to come from many places, many enough to be worth a request. */
  private static final int ITEMS_A_SEGMENT = 5;

  /** Of a large table, in which no segment has so few. */
  private static final int MOST_ITEMS_OF_A_LARGE_SEGMENT = 10;

  /** How much larger than the others a segment may be and still be read whole. */
  private static final int UNEVENNESS = 20;

  /** DynamoDB's limit: API reference, Scan, TotalSegments; read 2026-11-20. */
  static final int MOST_SEGMENTS = 1_000_000;

  /** Of a table that is read whole. */
  private static final int ITEMS_OF_A_WHOLE_SEGMENT = 1_000;

  Sampling {
    segments = List.copyOf(segments);
  }

  /**
   * How to look at some items.
   *
   * @param items so many, or a few more or less
   * @param tableItems of so many
   */
  static Sampling of(long items, long tableItems, Random random) {
    if (items >= tableItems) {
      int all = (int) Math.max(1, Math.min(1_000, tableItems / ITEMS_OF_A_WHOLE_SEGMENT));
      return new Sampling(
          drawn(all, all, random), all, 2 * Math.max(items, ITEMS_OF_A_WHOLE_SEGMENT), true);
    }
    int total = (int) Math.max(1, Math.min(MOST_SEGMENTS, tableItems / ITEMS_A_SEGMENT));
    double each = (double) tableItems / total;
    if (each <= MOST_ITEMS_OF_A_LARGE_SEGMENT) {
      int wanted = (int) Math.min(total, Math.max(2, Math.round(items / each)));
      return new Sampling(
          drawn(wanted, total, random), total, (long) Math.ceil(each * UNEVENNESS), false);
    }
    int wanted = (int) Math.min(total, Math.max(2, items / MOST_ITEMS_OF_A_LARGE_SEGMENT));
    return new Sampling(
        drawn(wanted, total, random),
        total,
        Math.max(MOST_ITEMS_OF_A_LARGE_SEGMENT, (items + wanted - 1) / wanted),
        false);
  }

  /** {@code wanted} of the numbers from 0 to {@code total}, each as likely as any. */
  private static List<Integer> drawn(int wanted, int total, Random random) {
    var drawn = new LinkedHashSet<Integer>();
    if (wanted > total / 2) {
      var all = new ArrayList<Integer>(total);
      for (int i = 0; i < total; i++) {
        all.add(i);
      }
      java.util.Collections.shuffle(all, random);
      return all.subList(0, wanted);
    }
    while (drawn.size() < wanted) {
      drawn.add(random.nextInt(total));
    }
    return new ArrayList<>(drawn);
  }
}
