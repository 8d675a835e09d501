package dev.godwit.cli.sample;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.facts.TableFactsReader;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.TransformContext;
import dev.godwit.run.Counter;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import dev.godwit.worker.dynamodb.DynamoDbDatabase;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.write.ItemRehearsal;
import dev.godwit.worker.write.TransformDecider;
import dev.godwit.worker.write.WritePlanner;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Forecasts from samples, held against what runs over the same tables really do. */
class SampleAgainstTruthTest {
  private static final long TABLES_SEED = 20_261_126;
  private static final int SAMPLES = 100;

  @TempDir Path folder;

  private final LocalDynamoDb server = LocalDynamoDb.inMemory();
  private final DynamoDbConnection connection = DynamoDbConnection.local(server.endpoint());

  static List<GeneratedTable> tables() {
    return GeneratedTable.ten();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private TableFacts facts(GeneratedTable table) {
    try (var reader = TableFactsReader.over(connection)) {
      return reader.read(table.name());
    }
  }

  private static RunRequest request(GeneratedTable table) {
    return new RunRequest(
        "plan",
        table.name(),
        table.migration().id(),
        Direction.UP,
        Mode.DRY_RUN,
        1,
        1,
        240,
        Guard.of("read-set"),
        Optional.empty(),
        0,
        0,
        OptionalInt.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty());
  }

  @ParameterizedTest
  @MethodSource("tables")
  void look_atAllItemsOfATable_foretellsWhatTheRunConsumes(GeneratedTable table)
      throws IOException {
    table.make(server, TABLES_SEED);
    var facts = facts(table);

    var forecast =
        new Sampler(connection, facts)
            .look(
                request(table),
                table.transform(),
                Optional.empty(),
                Instant.now(),
                new Sampler.Extent(1_000_000, OptionalLong.empty(), 1));
    var truth = RealRun.over(table, connection, folder);

    assertThat(forecast.isComplete()).isTrue();
    assertThat(forecast.items()).isEqualTo(table.items()).isEqualTo(truth.count(Counter.SCANNED));
    assertThat(forecast.unitsWithIndexes().isExact()).isTrue();
    assertThat(forecast.unitsWithIndexes().estimate())
        .isCloseTo(
            truth.amount(Counter.WRITE_UNITS), within(0.02 * truth.amount(Counter.WRITE_UNITS)));
    assertThat(
            forecast.outcome(Outcome.CHANGED).estimate()
                + forecast.outcome(Outcome.MOVED).estimate())
        .isEqualTo((double) truth.count(Counter.UPDATED));
    assertThat(forecast.outcome(Outcome.DELETED).estimate())
        .isEqualTo((double) truth.count(Counter.DELETED));
    assertThat(
            forecast.outcome(Outcome.FAILED).estimate()
                + forecast.outcome(Outcome.REFUSED).estimate())
        .isEqualTo((double) truth.count(Counter.FAILED));
  }

  /**
   * Each table is read once; then samples are drawn from what was read, by the segments that the
   * sampling chooses, 100 times.
   */
  @ParameterizedTest
  @MethodSource("tables")
  void look_atSomeItems_boundsTheTruthIn95Of100Samples(GeneratedTable table) {
    table.make(server, TABLES_SEED);
    var facts = facts(table);
    long wanted = facts.items() / 5;
    int totalSegments = Sampling.of(wanted, facts.items(), new Random(0)).totalSegments();
    var segments = segments(table, totalSegments);
    var truth = numbers(sample(table, facts, segments, List.copyOf(segments.keySet()), true));

    var covered = new TreeMap<String, Integer>();
    double units = requireNonNull(truth.get("units")).estimate();
    double width = 0;
    for (int seed = 0; seed < SAMPLES; seed++) {
      var sampling = Sampling.of(wanted, facts.items(), new Random(seed));
      assertThat(sampling.totalSegments()).isEqualTo(totalSegments);
      var sampled = sample(table, facts, segments, sampling.segments(), false);
      assertThat(sampled.cutShort()).as("seed %d", seed).isZero();
      width += sampled.unitsWithIndexes().high() - sampled.unitsWithIndexes().low();
      numbers(sampled)
          .forEach(
              (name, interval) ->
                  covered.merge(
                      name,
                      interval.covers(requireNonNull(truth.get(name)).estimate()) ? 1 : 0,
                      Integer::sum));
    }

    assertThat(covered)
        .as("of %d samples, seeds 0 to %d", SAMPLES, SAMPLES - 1)
        .allSatisfy((name, count) -> assertThat(count).as(name).isGreaterThanOrEqualTo(95));
    assertThat(width / SAMPLES)
        .as("and not by being so wide that it says nothing")
        .isLessThan(2 * units);
  }

  private static Map<String, Interval> numbers(TableSample sample) {
    var numbers = new LinkedHashMap<String, Interval>();
    numbers.put("units", sample.unitsWithIndexes());
    numbers.put("write units", sample.writeUnits());
    numbers.put("growth", sample.growthBytes());
    numbers.put("steps", sample.stepsCrossed());
    for (Outcome outcome : Outcome.values()) {
      numbers.put(outcome.toString(), sample.outcome(outcome));
    }
    sample.indexes().forEach(index -> numbers.put(index.name(), index.units()));
    return numbers;
  }

  private Map<Integer, List<Page>> segments(GeneratedTable table, int total) {
    var segments = new LinkedHashMap<Integer, List<Page>>();
    try (var database = new DynamoDbDatabase(connection.service(), false)) {
      var pace = new Pace(new Pacer(OptionalDouble.empty(), Timer.SYSTEM), Deadline.NEVER);
      for (int segment = 0; segment < total; segment++) {
        var pages = new ArrayList<Page>();
        var source = database.segment(table.name(), segment, total, Optional.empty(), pace);
        var page = source.read(Optional.empty(), OptionalInt.empty()).orElseThrow();
        pages.add(page);
        while (page.next().isPresent()) {
          page = source.read(page.next(), OptionalInt.empty()).orElseThrow();
          pages.add(page);
        }
        segments.put(segment, pages);
      }
    }
    return segments;
  }

  private TableSample sample(
      GeneratedTable table,
      TableFacts facts,
      Map<Integer, List<Page>> segments,
      List<Integer> drawn,
      boolean isComplete) {
    var observed = new Observed(facts, Instant.EPOCH);
    try (var database = new DynamoDbDatabase(connection.service(), false)) {
      var decider =
          new TransformDecider(
              table.transform(),
              new TransformContext("plan", Instant.EPOCH, Map.of()),
              new WritePlanner(table.keys(), Guard.of("read-set"), Optional.empty()));
      var rehearsal =
          ItemRehearsal.of(
              decider,
              database.changes(table.name(), table.keys(), Guard.of("read-set"), Deadline.NEVER),
              database.actions(Deadline.NEVER));
      for (int segment : drawn) {
        for (Page page : requireNonNull(segments.get(segment))) {
          // fresh copies: an item remembers what was read of it
          observed.page(
              page.items().stream().map(item -> item.only(item.names())).toList(),
              page.examined(),
              rehearsal);
        }
        observed.endSegment(true);
      }
    }
    return observed.sample(facts.items(), segments.size(), isComplete, 0);
  }
}
