package dev.godwit.cli.results;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.cli.run.Course;
import dev.godwit.run.Counter;
import dev.godwit.run.slice.Timeline;
import dev.godwit.run.slice.TimelineJson;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Makes a run's course out of its children's records. Holds so much for each of so many groups of
 * segments at most, however many there are.
 */
final class CourseCount {
  /** As many as a page can show. */
  static final int MOST_GROUPS = 10_000;

  /** As many moments as a chart has room for. */
  private static final int MOST_SPANS = 240;

  private static final double MILLIS = 1_000;

  private final int total;
  private final int groups;
  private final int[] succeeded;
  private final int[] failed;
  private final double[] seconds;
  private final long[] items;
  private final long[] written;
  private final long[] conflicts;
  private final long[] failures;
  private final Timeline.Sum timeline = new Timeline.Sum(MOST_SPANS);
  private Optional<String> code = Optional.empty();

  /**
   * @param total segments of the run
   */
  CourseCount(int total) {
    this.total = total;
    this.groups = Math.min(total, MOST_GROUPS);
    this.succeeded = new int[groups];
    this.failed = new int[groups];
    this.seconds = new double[groups];
    this.items = new long[groups];
    this.written = new long[groups];
    this.conflicts = new long[groups];
    this.failures = new long[groups];
  }

  /** What the children were asked to run; the first one's counts. */
  void asked(JsonNode slice) {
    if (code.isEmpty() && slice.path("code").isTextual()) {
      code = Optional.of(slice.get("code").textValue());
    }
  }

  boolean knowsCode() {
    return code.isPresent();
  }

  /** The first success of a segment. */
  void succeeded(int segment, JsonNode child, JsonNode output) {
    int group = group(segment);
    if (group >= 0) {
      var tally = output.path("tally");
      succeeded[group]++;
      took(group, child);
      items[group] += count(tally, Counter.SCANNED);
      written[group] +=
          count(tally, Counter.UPDATED) + count(tally, Counter.DELETED) + count(tally, Counter.PUT);
      conflicts[group] += count(tally, Counter.CONFLICTS);
      failures[group] += count(tally, Counter.FAILED);
    }
    timeline(output);
  }

  /** A file of deferred actions that succeeded. */
  void actionsSucceeded(JsonNode output) {
    timeline(output);
  }

  private void timeline(JsonNode output) {
    if (output.has("timeline")) {
      timeline.add(TimelineJson.read(output.get("timeline")));
    }
  }

  /** A try of a segment that failed or was stopped. */
  void tried(int segment, JsonNode child) {
    int group = group(segment);
    if (group >= 0) {
      took(group, child);
    }
  }

  /** A segment that did not succeed in any try. */
  void failed(int segment) {
    int group = group(segment);
    if (group >= 0) {
      failed[group]++;
    }
  }

  private int group(int segment) {
    return segment < 0 || segment >= total ? -1 : (int) ((long) segment * groups / total);
  }

  private void took(int group, JsonNode child) {
    try {
      var began = Instant.parse(child.path("StartDate").asText());
      var ended = Instant.parse(child.path("StopDate").asText());
      seconds[group] = Math.max(seconds[group], Duration.between(began, ended).toMillis() / MILLIS);
    } catch (DateTimeException e) {
      // A child that never began has no dates: it took no time.
    }
  }

  private static long count(JsonNode tally, Counter counter) {
    return tally.path(counter.field()).asLong();
  }

  Course course() {
    var segments = new ArrayList<Course.Segments>();
    for (int i = 0; i < groups; i++) {
      segments.add(
          new Course.Segments(
              first(i),
              first(i + 1) - 1,
              succeeded[i],
              failed[i],
              seconds[i],
              items[i],
              written[i],
              conflicts[i],
              failures[i]));
    }
    return new Course(code, timeline.total(), List.copyOf(segments));
  }

  /** The first segment of a group. */
  private int first(int group) {
    return (int) (((long) group * total + groups - 1) / groups);
  }
}
