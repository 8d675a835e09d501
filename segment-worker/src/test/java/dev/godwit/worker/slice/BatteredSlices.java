package dev.godwit.worker.slice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.memory.Steps;
import dev.godwit.worker.pace.Deadline;
import java.util.List;
import java.util.Random;

/**
 * Slices that crash anywhere, are invoked twice, end anywhere, and are asked for again until their
 * segments are done. Used from one thread.
 */
final class BatteredSlices {
  private static final int MOST_CRASHES = 30;

  private final TestWorker worker;
  private final Trouble trouble;
  private final boolean inOrder;
  private int late;
  private int cutShort;

  /**
   * @param inOrder whether there are actions whose order shows
   */
  BatteredSlices(TestWorker worker, Trouble trouble, boolean inOrder) {
    this.worker = worker;
    this.trouble = trouble;
    this.inOrder = inOrder;
  }

  /** How many slices ended before their segments did. */
  int cutShort() {
    return cutShort;
  }

  /** How many slices had not time for one item. */
  int late() {
    return late;
  }

  /** Advances any of {@code segments}, slice by slice, until all have come to their end. */
  void finish(List<Segment> segments, Random random) {
    finish(segments, random, Integer.MAX_VALUE);
  }

  /** As above, but ends after {@code most} slices wherever these are. */
  void finish(List<Segment> segments, Random random, int most) {
    int crashes = 0;
    for (int slices = 0; slices < most && !segments.isEmpty(); slices++) {
      var segment = segments.get(random.nextInt(segments.size()));
      var deadline = deadline(random);
      if (crashes < MOST_CRASHES && random.nextInt(3) > 0 && prepareTrouble(segment, random)) {
        deadline = ofOneOfTwo(random);
      }
      try {
        var result = worker.run(segment.slice.request(), deadline);
        assertAddsUp(result.tally());
        if (random.nextInt(8) == 0) {
          segment.slice.retried();
          continue; // the answer was lost: the same request comes once more
        }
        segment.before = segment.slice.request();
        segment.slice.after(result);
        if (result.cursor().isEmpty()) {
          segments.remove(segment);
        } else {
          cutShort++;
        }
      } catch (Steps.Crash e) {
        crashes++;
        again(segment, random);
      } catch (TableUnavailable e) {
        late++; // throttled until its time was over: the same request comes once more
        again(segment, random);
      } finally {
        trouble.disarm();
      }
    }
  }

  /** Mostly at once; else the segment has failed, and its run is redriven. */
  private static void again(Segment segment, Random random) {
    if (random.nextInt(3) > 0) {
      segment.slice.retried();
    } else {
      segment.slice.redriven();
    }
  }

  /** Answers whether it is a second invocation, rather than a crash. */
  private boolean prepareTrouble(Segment segment, Random random) {
    int steps = random.nextInt(30);
    boolean isTwice = random.nextBoolean();
    if (!isTwice) {
      trouble.crashIn(steps);
    } else {
      var again = random.nextBoolean() ? segment.before : segment.slice.request();
      var deadline = ofOneOfTwo(random);
      trouble.arm("twice", steps, () -> again(again, deadline));
    }
    return isTwice;
  }

  private void again(SliceRequest slice, Deadline deadline) {
    try {
      worker.run(slice, deadline);
    } catch (TableUnavailable e) {
      late++;
    }
  }

  /** One of two at once that is cut short amid an item's actions may have the last word on them. */
  private Deadline ofOneOfTwo(Random random) {
    return inOrder ? Deadline.NEVER : deadline(random);
  }

  private static Deadline deadline(Random random) {
    return random.nextInt(4) == 0 ? Deadline.NEVER : new CountedDeadline(random.nextInt(60));
  }

  static void assertAddsUp(Tally tally) {
    assertThat(tally.count(Counter.SCANNED))
        .as("scanned = kept + updated + deleted + failed: %s", tally)
        .isEqualTo(
            tally.count(Counter.KEPT)
                + tally.count(Counter.GONE)
                + tally.count(Counter.UPDATED)
                + tally.count(Counter.DELETED)
                + tally.count(Counter.PUT)
                + tally.count(Counter.THERE_ALREADY)
                + tally.count(Counter.LEFT_OUT)
                + tally.count(Counter.DIFFERENT)
                + tally.count(Counter.FAILED));
  }

  /** A segment, or a file of deferred actions, on its way. */
  static final class Segment {
    private final TestSlice slice;
    private SliceRequest before;

    Segment(TestSlice slice) {
      this.slice = slice;
      this.before = slice.request();
    }
  }
}
