package dev.godwit.cli.run;

import dev.godwit.run.slice.Timeline;
import java.util.List;
import java.util.Optional;

/**
 * How a run went, as its results tell: of the segments that have succeeded, and of how long those
 * took that have failed.
 *
 * @param code the digest of the code that its first slice was asked for with; empty when no segment
 *     has ended
 * @param timeline what was counted when, deferred actions included
 * @param segments in order; of a run with very many, neighbours are counted together
 */
public record Course(Optional<String> code, Timeline timeline, List<Segments> segments) {
  /** Of a run of which nothing is known. */
  public static final Course UNKNOWN = new Course(Optional.empty(), Timeline.EMPTY, List.of());

  public Course {
    segments = List.copyOf(segments);
  }

  /**
   * One segment, or several neighbours.
   *
   * @param first number of the first
   * @param last number of the last
   * @param succeeded how many of them have
   * @param failed how many have, or were stopped
   * @param seconds from a try's start to its end, waiting included: the longest of theirs
   * @param items scanned in those that have succeeded; the same for the other counts
   */
  public record Segments(
      int first,
      int last,
      int succeeded,
      int failed,
      double seconds,
      long items,
      long written,
      long conflicts,
      long failures) {}
}
