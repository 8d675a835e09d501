package dev.godwit.cli.plan;

import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.facts.Throughput;
import dev.godwit.cli.sample.Interval;
import dev.godwit.cli.sample.Outcome;
import dev.godwit.cli.sample.TableSample;
import dev.godwit.run.Guard;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequest.Prewarm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Says how a run had better be asked for, where its user has not. */
final class Advisor {
  private static final double MEGABYTE = 1e6;

  /** So many bytes a segment are read and written in a few minutes at most. */
  private static final double BYTES_A_SEGMENT_ON_AWS = 64 * MEGABYTE;

  private static final double BYTES_A_SEGMENT_HERE = 8 * MEGABYTE;

  /** A child of a Map Run is worth its start when it has so many items. */
  private static final long LEAST_ITEMS_A_SEGMENT = 500;

  private static final int MOST_ADVISED_SEGMENTS = 10_000;
  private static final int ROUNDS = 4;

  /** From here on a mistake in all of it takes long to put right. */
  private static final double LARGE_BYTES = 1L << 30;

  /** An hour is waited for, more had better be shortened. */
  private static final double LONG = 3_600;

  /** Part of the capacity that is left to whoever else uses the table. */
  private static final double SHARE = 0.5;

  /**
   * What a table takes by default, each way: developer guide, "Quotas in Amazon DynamoDB", default
   * throughput quotas; read 2026-11-20.
   */
  static final int TABLE_QUOTA = 40_000;

  private static final int LEAST_PREWARMED_READS = 12_000;
  private static final int LEAST_PREWARMED_WRITES = 4_000;

  /** A run, and what was advised of it. */
  record Advised(RunRequest request, List<Suggestion> suggestions) {}

  private final TableFacts table;
  private final TableSample sample;
  private final Carrier carrier;
  private final Set<String> given;
  private final List<Suggestion> suggestions = new ArrayList<>();

  /**
   * @param given options that the user has said
   */
  Advisor(TableFacts table, TableSample sample, Carrier carrier, Set<String> given) {
    this.table = table;
    this.sample = sample;
    this.carrier = carrier;
    this.given = given;
  }

  /** The run that is advised, with whatever of {@code asked} is given. */
  Advised of(RunRequest asked) {
    int segments = segments(asked);
    boolean isSized = given.contains("--max-concurrency") || !carrier.isOnAws();
    int most = isSized ? asked.maxConcurrency() : Math.min(segments, SegmentsAtOnce.MOST_ON_AWS);
    var sized = with(asked, segments, most, asked.writeUnitsPerSecond(), asked.prewarm());
    var prewarm = prewarm(sized);
    long rate = Math.max(capacity(), prewarm.map(Prewarm::writeUnits).orElse(0));
    var budget = budget(asked, rate);
    int concurrency = concurrency(asked, segments, budget, rate);
    tellBudget(budget, rate);
    slice(asked);
    guard(asked);
    images(asked);
    canary(asked, segments);
    return new Advised(
        with(sized, segments, concurrency, budget, prewarm), List.copyOf(suggestions));
  }

  private int segments(RunRequest asked) {
    if (given.contains("--segments")) {
      return given("--segments", asked.totalSegments(), "as you say");
    }
    double bytes = Math.max((double) table.bytes(), sample.sizes().before() * sample.tableItems());
    double each = carrier.isOnAws() ? BYTES_A_SEGMENT_ON_AWS : BYTES_A_SEGMENT_HERE;
    int least = ROUNDS * (carrier.isOnAws() ? 25 : Math.max(1, carrier.processors()));
    long fitting = Math.max(1, Math.min(least, sample.tableItems() / LEAST_ITEMS_A_SEGMENT));
    int segments =
        (int) Math.min(MOST_ADVISED_SEGMENTS, Math.max((double) fitting, Math.ceil(bytes / each)));
    return advised(
        "--segments",
        segments,
        String.format(
            Locale.ROOT,
            "%s over %,d segments is %s each: %s",
            PlanWords.bytes(bytes),
            segments,
            PlanWords.bytes(bytes / segments),
            segments == fitting
                ? "fewer items in each are not worth their start"
                : "what fails is soon done again, and the last of them does not take long alone"));
  }

  /** Reckoned as a run does, with the budget that it is to have. */
  private int concurrency(RunRequest asked, int segments, OptionalInt budget, long rate) {
    if (given.contains("--max-concurrency")) {
      return given("--max-concurrency", asked.maxConcurrency(), "as you say");
    }
    boolean isHeldByTable = carrier.isOnAws() && budget.isEmpty();
    var atOnce =
        SegmentsAtOnce.of(
            asked.readUnitsPerSecond(),
            isHeldByTable ? OptionalInt.of(whole((double) rate)) : budget,
            carrier.isOnAws() ? SegmentsAtOnce.MOST_ON_AWS : asked.maxConcurrency());
    var most =
        carrier.isOnAws()
            ? "as many as a run on AWS has unless it is told otherwise"
            : "four for each processor keep this machine busy";
    return advised(
        "--max-concurrency",
        Math.min(segments, atOnce.number()),
        isHeldByTable && asked.readUnitsPerSecond().orElse(0) <= rate
            ? String.format(
                Locale.ROOT,
                "the table takes %,d write units a second, a worker is reckoned with %,d; more than"
                    + " four times as many as that keeps busy would wait for each other and be paid"
                    + " for it",
                rate,
                SegmentsAtOnce.WRITE_UNITS_A_WORKER)
            : atOnce.why().orElse(most));
  }

  private static int whole(double units) {
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.floor(units)));
  }

  /** What the table takes now, in write units a second. */
  private long capacity() {
    Throughput throughput = table.throughput();
    return table.isOnDemand()
        ? Math.min(
            throughput.mostWriteUnits().orElse(Long.MAX_VALUE),
            throughput.warmWriteUnits().orElse(LEAST_PREWARMED_WRITES))
        : throughput.writeUnits();
  }

  private Optional<Prewarm> prewarm(RunRequest sized) {
    if (given.contains("--prewarm")) {
      suggestions.add(
          new Suggestion(
              "--prewarm",
              "",
              true,
              sized.prewarm().isPresent() ? "as you say" : "left out, as you say"));
      return sized.prewarm();
    }
    var needs = Needs.of(table, sample, sized);
    var pace = Pace.of(table, sample, needs, sized, carrier, table.isOnDemand(), Optional.empty());
    boolean byCapacity = pace.binding().name().contains("capacity");
    if (!byCapacity
        || pace.binding().seconds() <= LONG
        || table.throughput().mostWriteUnits().isPresent()) {
      suggestions.add(
          new Suggestion(
              "--no-prewarm",
              "",
              false,
              byCapacity
                  ? "at the capacity that there is the run takes "
                      + PlanWords.time(pace.binding().seconds())
                  : "capacity is not what holds the run"));
      return sized.prewarm();
    }
    var prewarm = forAnHour(needs);
    var raised =
        Pace.of(table, sample, needs, sized, carrier, table.isOnDemand(), Optional.of(prewarm));
    suggestions.add(
        new Suggestion(
            "--prewarm",
            "",
            false,
            String.format(
                Locale.ROOT,
                "from %s to %s, see what that costs",
                PlanWords.time(pace.binding().seconds()),
                PlanWords.time(raised.binding().seconds()))));
    suggestions.add(
        new Suggestion(
            "--prewarm-wcu", Integer.toString(prewarm.writeUnits()), false, "for an hour"));
    suggestions.add(
        new Suggestion("--prewarm-rcu", Integer.toString(prewarm.readUnits()), false, "likewise"));
    return Optional.of(prewarm);
  }

  /** With which capacity holds a run for an hour, within what a table may have by default. */
  static Prewarm forAnHour(Needs needs) {
    return new Prewarm(
        units(needs.readUnits().estimate(), LEAST_PREWARMED_READS),
        units(needs.allWrites().estimate(), LEAST_PREWARMED_WRITES));
  }

  private static int units(double all, int least) {
    return (int) Math.min(TABLE_QUOTA, Math.max(least, Math.ceil(all / LONG)));
  }

  private OptionalInt budget(RunRequest asked, long rate) {
    return given.contains("--write-units-per-second") || !isKnown()
        ? asked.writeUnitsPerSecond()
        : OptionalInt.of(whole(rate * SHARE));
  }

  /** Whether DynamoDB tells what the table takes in a second. */
  private boolean isKnown() {
    return !table.isOnDemand() || table.throughput().warmWriteUnits().isPresent();
  }

  private void tellBudget(OptionalInt budget, long rate) {
    if (given.contains("--write-units-per-second")) {
      given("--write-units-per-second", budget.orElse(0), "as you say");
    } else if (!isKnown()) {
      suggestions.add(
          new Suggestion(
              "--write-units-per-second",
              "",
              false,
              "left out: DynamoDB does not tell what this table takes in a second"));
    } else {
      advised(
          "--write-units-per-second",
          budget.orElseThrow(),
          String.format(
              Locale.ROOT,
              "half of the %,d that the table takes; the other half is for those who use it"
                  + " meanwhile. Nobody does: leave it out",
              rate));
    }
  }

  private void slice(RunRequest asked) {
    if (given.contains("--slice-seconds")) {
      given("--slice-seconds", asked.sliceSeconds(), "as you say");
    } else {
      advised(
          "--slice-seconds",
          asked.sliceSeconds(),
          "a worker that dies costs at most so much reading once more");
    }
  }

  private void guard(RunRequest asked) {
    boolean isGiven = given.contains("--guard");
    var why =
        asked.guard() instanceof Guard.None
            ? "no condition: whatever somebody else writes meanwhile is lost"
            : asked.guard() instanceof Guard.ReadSet
                ? "what others write meanwhile is not lost; it costs no unit more"
                : "by a version that everybody who writes has to raise";
    suggestions.add(new Suggestion("--guard", asked.guard().toString(), isGiven, why));
  }

  private void images(RunRequest asked) {
    var images = sample.imageBytes();
    boolean isGiven = given.contains("--keep-before-images");
    suggestions.add(
        new Suggestion(
            asked.keepBeforeImages() ? "--keep-before-images" : "--no-keep-before-images",
            "",
            isGiven,
            images.equals(Interval.ZERO) && sample.outcome(Outcome.CHANGED).high() == 0
                ? "nothing would be written"
                : "before-images take "
                    + PlanWords.bytes(images.estimate())
                    + "; with them 'godwit undo' can put back what the run has changed"));
  }

  private void canary(RunRequest asked, int segments) {
    double bytes = Math.max((double) table.bytes(), sample.sizes().before() * sample.tableItems());
    if (asked.canary().isPresent()) {
      suggestions.add(
          new Suggestion(
              "--canary", Integer.toString(asked.canary().get().segments()), true, "as you say"));
    } else if (bytes >= LARGE_BYTES && segments > 1 && !given.contains("--canary")) {
      suggestions.add(
          new Suggestion(
              "--canary",
              "1%",
              false,
              "the table is large: a hundredth first, then the rest if the transform keeps what it has written there"));
    }
  }

  private int given(String option, int value, String why) {
    suggestions.add(new Suggestion(option, Integer.toString(value), true, why));
    return value;
  }

  private int advised(String option, int value, String why) {
    suggestions.add(new Suggestion(option, Integer.toString(value), false, why));
    return value;
  }

  private static RunRequest with(
      RunRequest request,
      int segments,
      int concurrency,
      OptionalInt writeUnitsPerSecond,
      Optional<Prewarm> prewarm) {
    return new RunRequest(
        request.runId(),
        request.tableName(),
        request.migration(),
        request.direction(),
        request.mode(),
        segments,
        Math.max(1, concurrency),
        request.sliceSeconds(),
        request.guard(),
        request.stamp(),
        request.itemFailuresAllowed(),
        request.toleratedFailurePercentage(),
        request.readUnitsPerSecond(),
        writeUnitsPerSecond,
        prewarm,
        request.parameters(),
        request.retryFailures(),
        request.undo(),
        request.keepBeforeImages(),
        request.source(),
        request.target(),
        request.sample(),
        Optional.empty(), // it makes no difference to what is reckoned
        request.code());
  }
}
