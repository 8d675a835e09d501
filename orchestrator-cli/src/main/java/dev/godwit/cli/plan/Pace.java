package dev.godwit.cli.plan;

import dev.godwit.cli.facts.IndexFacts;
import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.facts.Throughput;
import dev.godwit.cli.sample.TableSample;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequest.Prewarm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How long a run takes: as long as the slowest of what it needs lets it.
 *
 * @param limits all that is known to hold it, the slowest first; at least one
 */
public record Pace(List<Limit> limits) {
  /**
   * What a new on-demand table is ready for, and so what one is taken for of which DynamoDB does
   * not tell: developer guide, "DynamoDB on-demand capacity mode", initial throughput; read
   * 2026-11-20.
   */
  static final long NEW_TABLE_WRITES = 4_000;

  static final long NEW_TABLE_READS = 12_000;

  /** CPU of the worker for an item that is written, without its transform: docs/speed.md. */
  private static final double MICROS_AN_ITEM = 30;

  /** How long DynamoDB takes for a request is not known before; this is assumed. */
  private static final double SECONDS_A_REQUEST = 0.010;

  /** How many items a request writes, and how many are under way: the worker's own numbers. */
  private static final double ITEMS_A_REQUEST = 25;

  private static final double REQUESTS_AT_ONCE_ON_AWS = 8;
  private static final double REQUESTS_AT_ONCE_HERE = 4;

  /**
   * How many children a Map Run starts in a second: DESIGN of the state machine, 100, which is also
   * Lambda's ramp of 1,000 environments in 10 s (Lambda developer guide, "Lambda function scaling";
   * read 2026-11-20).
   */
  private static final double CHILDREN_A_SECOND = 100;

  private static final double SECONDS_A_CHILD_HERE = 0.02;

  public Pace {
    limits = limits.stream().sorted(Comparator.comparingDouble(Limit::seconds).reversed()).toList();
  }

  /** The slowest. */
  public Limit binding() {
    return limits.get(0);
  }

  /**
   * How long {@code request} takes.
   *
   * @param isOnDemand whether the table is paid for by requests then, whatever it is now
   * @param prewarm what its capacities are raised to for the run; those that are higher stay. Empty
   *     to leave them
   */
  static Pace of(
      TableFacts table,
      TableSample sample,
      Needs needs,
      RunRequest request,
      Carrier carrier,
      boolean isOnDemand,
      Optional<Prewarm> prewarm) {
    var limits = new ArrayList<Limit>();
    capacity(
        limits,
        "the table's write capacity",
        needs.ofTheTable().estimate(),
        writes(isOnDemand, table.throughput()),
        prewarm.map(it -> OptionalLong.of(it.writeUnits())).orElse(OptionalLong.empty()));
    capacity(
        limits,
        "the table's read capacity",
        needs.readUnits().estimate(),
        reads(isOnDemand, table.throughput()),
        prewarm.map(it -> OptionalLong.of(it.readUnits())).orElse(OptionalLong.empty()));
    for (IndexFacts index : table.indexes()) {
      if (index.throughput().isPresent()) {
        double units =
            sample.indexes().stream()
                .filter(effects -> effects.name().equals(index.name()))
                .mapToDouble(effects -> effects.units().estimate())
                .sum();
        capacity(
            limits,
            "the write capacity of the index " + index.name(),
            units,
            writes(isOnDemand, index.throughput().get()),
            prewarm.map(it -> OptionalLong.of(it.writeUnits())).orElse(OptionalLong.empty()));
      }
    }
    request
        .writeUnitsPerSecond()
        .ifPresent(
            budget ->
                limits.add(
                    limit(
                        "the run's own write budget",
                        needs.allWrites().estimate(),
                        new Rate(budget, "asked for", true))));
    request
        .readUnitsPerSecond()
        .ifPresent(
            budget ->
                limits.add(
                    limit(
                        "the run's own read budget",
                        needs.readUnits().estimate(),
                        new Rate(budget, "asked for", true))));
    limits.add(workers(sample, needs, request, carrier));
    limits.add(start(request, carrier));
    return new Pace(limits);
  }

  /** So many units a second, and who says so. */
  private record Rate(long units, String who, boolean isKnown) {}

  private static Rate writes(boolean isOnDemand, Throughput throughput) {
    return isOnDemand
        ? onDemand(throughput.warmWriteUnits(), throughput.mostWriteUnits(), NEW_TABLE_WRITES)
        : new Rate(throughput.writeUnits(), "provisioned", true);
  }

  private static Rate reads(boolean isOnDemand, Throughput throughput) {
    return isOnDemand
        ? onDemand(throughput.warmReadUnits(), throughput.mostReadUnits(), NEW_TABLE_READS)
        : new Rate(throughput.readUnits(), "provisioned", true);
  }

  private static Rate onDemand(OptionalLong warm, OptionalLong most, long ofNewTables) {
    var rate =
        warm.isPresent()
            ? new Rate(warm.getAsLong(), "warm", true)
            : new Rate(
                ofNewTables, "what a new table takes; DynamoDB does not tell of this one", false);
    return most.isPresent() && most.getAsLong() < rate.units()
        ? new Rate(most.getAsLong(), "the maximum that somebody has set", true)
        : rate;
  }

  private static void capacity(
      List<Limit> limits, String name, double units, Rate rate, OptionalLong raisedTo) {
    boolean isRaised =
        raisedTo.isPresent()
            && raisedTo.getAsLong() > rate.units()
            && !rate.who().startsWith("the maximum");
    limits.add(
        limit(name, units, isRaised ? new Rate(raisedTo.getAsLong(), "raised", true) : rate));
  }

  private static Limit limit(String name, double units, Rate rate) {
    return new Limit(
        name,
        units / Math.max(1, rate.units()),
        String.format(
            Locale.ROOT, "%,.0f units at %,d a second (%s)", units, rate.units(), rate.who()),
        rate.isKnown());
  }

  private static Limit workers(
      TableSample sample, Needs needs, RunRequest request, Carrier carrier) {
    double cpu =
        needs.tableItems() * sample.microsAnItem() / 1e6
            + needs.writtenItems().estimate() * MICROS_AN_ITEM / 1e6;
    double requestsAtOnce = carrier.isOnAws() ? REQUESTS_AT_ONCE_ON_AWS : REQUESTS_AT_ONCE_HERE;
    double waiting =
        needs.pages() * SECONDS_A_REQUEST
            + needs.writtenItems().estimate()
                / (ITEMS_A_REQUEST * requestsAtOnce)
                * SECONDS_A_REQUEST;
    int atOnce = Math.min(request.maxConcurrency(), request.totalSegments());
    double processors = carrier.isOnAws() ? atOnce : Math.min(atOnce, carrier.processors());
    return new Limit(
        carrier.isOnAws() ? "the workers" : "this machine",
        Math.max(cpu / processors, waiting / atOnce),
        String.format(
            Locale.ROOT,
            "%,.1f s of CPU over %,.0f processors, %,.1f s of waiting for requests (assumed: 10 ms"
                + " each) over %,d segments at a time",
            cpu,
            processors,
            waiting,
            atOnce),
        false);
  }

  private static Limit start(RunRequest request, Carrier carrier) {
    return carrier.isOnAws()
        ? new Limit(
            "the start of the segments",
            request.totalSegments() / CHILDREN_A_SECOND,
            String.format(
                Locale.ROOT, "%,d segments, 100 begun in a second", request.totalSegments()),
            true)
        : new Limit(
            "the start of the segments",
            request.totalSegments() * SECONDS_A_CHILD_HERE,
            String.format(
                Locale.ROOT,
                "%,d segments, of which each takes this machine 20 ms more (assumed)",
                request.totalSegments()),
            false);
  }

  /** How long workers are at work, all together, in seconds; for what Lambda charges. */
  static double workerSeconds(
      TableSample sample, Needs needs, RunRequest request, Carrier carrier, double seconds) {
    int atOnce = Math.min(request.maxConcurrency(), request.totalSegments());
    double own = workers(sample, needs, request, carrier).seconds() * atOnce;
    // held back by capacity they wait, and waiting is charged too
    return Math.max(own, seconds * atOnce);
  }
}
