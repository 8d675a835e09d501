package dev.godwit.cli.plan;

import dev.godwit.cli.facts.IndexFacts;
import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.facts.TableFacts.Recovery;
import dev.godwit.cli.facts.TableFacts.Replica;
import dev.godwit.cli.facts.Throughput;
import dev.godwit.cli.facts.Told;
import dev.godwit.cli.price.Price;
import dev.godwit.cli.price.PriceSource;
import dev.godwit.cli.price.Prices;
import dev.godwit.cli.sample.Interval;
import dev.godwit.cli.sample.Outcome;
import dev.godwit.cli.sample.TableSample;
import dev.godwit.cli.sample.TableSample.IndexEffects;
import dev.godwit.run.Direction;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequest.Prewarm;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A plan in the making, for tests: a table, what a run would do to it, and what things cost. */
final class Planned {
  static final Recovery ON =
      new Recovery(true, OptionalInt.of(35), Optional.of(Instant.parse("2026-10-22T00:00:00Z")));

  boolean isOnDemand = true;
  boolean isStronglyConsistent;
  String status = "ACTIVE";
  Throughput throughput = provisioned(0, 0);
  List<IndexFacts> indexes = new ArrayList<>();
  List<IndexEffects> effects = new ArrayList<>();
  List<Replica> replicas = List.of();
  Told<Recovery> recovery = Told.of(ON);
  int decreases;
  Optional<Instant> lastDecrease = Optional.empty();
  long items;
  long bytes;
  double writeUnits;
  double moved;
  Map<String, Long> errors = Map.of();
  Optional<Prewarm> prewarm = Optional.empty();
  OptionalInt readBudget = OptionalInt.empty();
  OptionalInt writeBudget = OptionalInt.empty();
  int failuresAllowed;
  int segments = 100;
  int atOnce = 100;
  Carrier carrier = new Carrier(false, 2, 0, false, true);
  Map<Price, BigDecimal> dollars = new EnumMap<>(Price.class);

  static Throughput provisioned(long reads, long writes) {
    return new Throughput(
        reads,
        writes,
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  static Throughput warm(long reads, long writes) {
    return new Throughput(
        0,
        0,
        OptionalLong.of(reads),
        OptionalLong.of(writes),
        OptionalLong.empty(),
        OptionalLong.empty());
  }

  Planned price(Price price, String each) {
    dollars.put(price, new BigDecimal(each));
    return this;
  }

  Planned index(String name, double units, Throughput of) {
    indexes.add(
        new IndexFacts(
            name,
            true,
            List.of("k"),
            IndexFacts.Projection.ALL,
            List.of(),
            0,
            0,
            Optional.of("ACTIVE"),
            Optional.of(of)));
    effects.add(
        new IndexEffects(
            name,
            true,
            Interval.ZERO,
            Interval.ZERO,
            Interval.ZERO,
            Interval.exactly(units),
            Interval.exactly(units)));
    return this;
  }

  TableFacts table() {
    return new TableFacts(
        "Cities",
        "arn:aws:dynamodb:us-east-1:123456789012:table/Cities",
        "us-east-1",
        status,
        items,
        bytes,
        isOnDemand,
        false,
        throughput,
        List.of("id"),
        indexes,
        decreases,
        lastDecrease,
        false,
        "",
        Optional.empty(),
        replicas,
        isStronglyConsistent,
        Told.of(Optional.empty()),
        recovery,
        Told.of(List.of()),
        Told.of(List.of()),
        Told.of(List.of()));
  }

  TableSample sample() {
    double indexUnits = effects.stream().mapToDouble(effect -> effect.units().estimate()).sum();
    return new TableSample(
        Math.min(items, 1_000),
        items,
        200,
        1_000,
        0,
        false,
        100,
        Map.of(
            Outcome.CHANGED,
            Interval.exactly(items - moved),
            Outcome.MOVED,
            Interval.exactly(moved),
            Outcome.FAILED,
            Interval.exactly(errors.values().stream().mapToDouble(count -> count).sum())),
        errors,
        Interval.exactly(writeUnits),
        Interval.ZERO,
        Interval.exactly(writeUnits + indexUnits),
        effects,
        Interval.ZERO,
        Interval.ZERO,
        Interval.ZERO,
        Interval.ZERO,
        Interval.ZERO,
        new TableSample.Sizes(
            items == 0 ? 0 : (double) bytes / items, items == 0 ? 0 : (double) bytes / items, 0, 0),
        new TableSample.Spread(5, 10, 1),
        Interval.ZERO,
        1);
  }

  RunRequest request() {
    return new RunRequest(
        "plan",
        "Cities",
        "20261126-cities",
        Direction.UP,
        Mode.APPLY,
        segments,
        atOnce,
        240,
        Guard.of("read-set"),
        Optional.empty(),
        failuresAllowed,
        0,
        readBudget,
        writeBudget,
        prewarm,
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

  Needs needs() {
    return Needs.of(table(), sample(), request());
  }

  Prices prices() {
    return new Prices("us-east-1", "2026-11-26", "a test", dollars);
  }

  List<Bill> bills() {
    PriceSource all =
        region ->
            region.equals("us-east-1") || region.equals("us-west-2")
                ? prices()
                : Prices.unknown(region);
    return new Bills(table(), sample(), needs(), request(), carrier, prices(), all).all();
  }

  Bill bill(String name) {
    return bills().stream()
        .filter(bill -> bill.name().equals(name) || bill.name().startsWith(name + " to "))
        .findFirst()
        .orElseThrow();
  }

  static BillLine line(Bill bill, String what) {
    return bill.lines().stream()
        .filter(line -> line.what().equals(what))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No line " + what + " in " + bill));
  }
}
