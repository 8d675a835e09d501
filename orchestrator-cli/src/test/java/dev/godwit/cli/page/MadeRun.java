package dev.godwit.cli.page;

import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.report.RunPage;
import dev.godwit.cli.run.Course;
import dev.godwit.cli.run.FailedItem;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunReport.FailedSegment;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.Timeline;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** Reports of runs that never were, with everything that a page can show. */
public final class MadeRun {
  private static final Instant BEGIN = Instant.parse("2026-11-20T09:30:00Z");
  private static final int MINUTES = 40;

  private MadeRun() {}

  /**
   * The report of a run over {@code segments} segments, some of which failed.
   *
   * @param words what people, and the application, are to have said: shown wherever that is
   */
  public static RunReport report(int segments, String words) {
    var random = new Random(7);
    var sum = new Timeline.Sum(240);
    for (int second = 0; second < MINUTES * 60; second += 5) {
      double busy = second > 900 && second < 1_200 ? 0 : 4_000 + 900 * random.nextGaussian();
      sum.add(
          BEGIN.plusSeconds(second),
          Tally.of(Counter.SCANNED, Math.rint(5 * busy))
              .plus(Counter.UPDATED, Math.rint(4.2 * busy))
              .plus(Counter.FAILED, random.nextInt(4))
              .plus(Counter.WRITE_UNITS, 4.2 * busy)
              .plus(Counter.READ_UNITS, 0.6 * busy)
              .plus(Counter.PARTITION_THROTTLES, second < 600 ? random.nextInt(60) : 0)
              .plus(Counter.TABLE_THROTTLES, second > 1_800 ? random.nextInt(30) : 0));
    }
    var timeline = sum.total();
    var parts = new ArrayList<Course.Segments>();
    for (int i = 0; i < segments; i++) {
      boolean failed = i % 997 == 42;
      boolean open = i % 1_371 == 99;
      parts.add(
          new Course.Segments(
              i,
              i,
              failed || open ? 0 : 1,
              failed ? 1 : 0,
              open ? 0 : 20 + 8 * Math.abs(random.nextGaussian()) + (i % 313 == 5 ? 150 : 0),
              failed || open ? 0 : 900 + random.nextInt(200),
              failed || open ? 0 : 700 + random.nextInt(200),
              random.nextInt(12) == 0 ? random.nextInt(20) : 0,
              random.nextInt(40) == 0 ? 1 : 0));
    }
    int failed = (int) parts.stream().filter(one -> one.failed() > 0).count();
    var request =
        RunRequestJson.read(
            """
            {"version":1,"runId":"20261120-093000-7f3a9c","tableName":"Cities",
            "migration":"20261120-city-coordinates","direction":"up","mode":"apply","totalSegments":%d,
            "maxConcurrency":100,"sliceSeconds":240,"guard":"read-set","itemFailuresAllowed":10,
            "toleratedFailurePercentage":0,"readUnitsPerSecond":3000,"writeUnitsPerSecond":20000,"parameters":{}}"""
                .formatted(segments));
    var budgets = new RunRate.Budgets(OptionalInt.empty(), OptionalInt.of(12_000));
    var rate =
        new RunRate(
            OptionalInt.empty(),
            OptionalInt.of(12_000),
            OptionalInt.empty(),
            OptionalInt.empty(),
            false,
            Optional.empty(),
            2,
            List.of(
                new RunRate.Change(
                    "write units per second 12,000 instead of 20,000",
                    words,
                    BEGIN.plusSeconds(1_500).toString(),
                    budgets)),
            Optional.empty(),
            Optional.empty());
    var state =
        new RunState(
            request,
            RunStatus.FAILED,
            false,
            BEGIN,
            Optional.of(BEGIN.plusSeconds(MINUTES * 60)),
            new SegmentCounts(segments, segments - failed, failed),
            timeline.total().plus(Counter.KEPT, 3),
            Optional.of(words),
            Map.of(
                RunState.RESULTS,
                "s3://godwit-results/runs/20261120-093000-7f3a9c",
                "execution",
                "https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/x"),
            Optional.of(words),
            Optional.of(rate),
            Optional.empty());
    return new RunReport(
        state,
        timeline.total(),
        parts.stream()
            .filter(one -> one.failed() > 0)
            .map(
                one ->
                    new FailedSegment(one.first(), "dev.godwit.worker.ItemFailuresExceeded", words))
            .toList(),
        List.of(),
        Map.of(words, 12L, "java.lang.NumberFormatException", 1_234L),
        List.of(),
        "s3://godwit-results/runs/20261120-093000-7f3a9c",
        List.of(),
        new Course(Optional.of("5f0c"), timeline, parts),
        new RunReport.Code(Optional.of("302e36f02f10aa"), Optional.of("17")));
  }

  /** The page about it. */
  public static Page page(int segments, String words) {
    return RunPage.of(
        report(segments, words),
        new RunPage.Extras(
            Optional.empty(),
            Optional.of(
                List.of(
                    new FailedItem(
                        words,
                        words,
                        "{\"id\":{\"S\":\"7\"},\"name\":{\"S\":" + quoted(words) + "}}"))),
            BEGIN.plusSeconds(3_000)));
  }

  private static String quoted(String words) {
    return com.fasterxml.jackson.databind.node.TextNode.valueOf(words).toString();
  }
}
