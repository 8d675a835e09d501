package dev.godwit.cli.plan;

import dev.godwit.cli.facts.IndexFacts;
import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.facts.TableFacts.Replica;
import dev.godwit.cli.facts.Throughput;
import dev.godwit.cli.price.Price;
import dev.godwit.cli.price.PriceSource;
import dev.godwit.cli.price.Prices;
import dev.godwit.cli.sample.Interval;
import dev.godwit.cli.sample.TableSample;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequest.Prewarm;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Makes out what a run costs, on demand and provisioned, with its capacity raised before and
 * without.
 */
final class Bills {
  private static final double GIGABYTE = 1e9;
  private static final double SECONDS_AN_HOUR = 3_600;
  private static final double MEGABYTES_A_GIGABYTE = 1_024;

  /**
   * States that a segment enters, beside three for each of its slices: the start of its child
   * counts as one (Step Functions developer guide, "Transitions"; read 2026-11-26), and its last
   * slice enters seven instead of three. {@code TransitionsTest} walks the definition.
   */
  static final int TRANSITIONS_A_SEGMENT = 5;

  static final int TRANSITIONS_A_SLICE = 3;

  /** States of a run and of its settlement, without waits for capacity; rather more than less. */
  static final int TRANSITIONS_A_RUN = 40;

  /** Objects that a Map Run writes beside what the worker writes: manifest, results; at least. */
  private static final int RESULT_FILES = 3;

  private final TableFacts table;
  private final TableSample sample;
  private final Needs needs;
  private final RunRequest request;
  private final Carrier carrier;
  private final Prices prices;
  private final PriceSource all;

  /**
   * @param prices of the table's region
   * @param all those of its replicas' regions
   */
  Bills(
      TableFacts table,
      TableSample sample,
      Needs needs,
      RunRequest request,
      Carrier carrier,
      Prices prices,
      PriceSource all) {
    this.table = table;
    this.sample = sample;
    this.needs = needs;
    this.request = request;
    this.carrier = carrier;
    this.prices = prices;
    this.all = all;
  }

  /**
   * One for each way that there is; that of the table and of the request first. Where nothing is to
   * be raised, it is told all the same what it would cost to have that last an hour.
   */
  List<Bill> all() {
    var bills = new ArrayList<Bill>();
    bills.add(onDemand(Optional.empty()));
    if (!table.isOnDemand()) {
      bills.add(provisionedAsItIs());
    }
    var prewarm = request.prewarm().orElseGet(() -> Advisor.forAnHour(needs));
    var prewarmed = onDemand(Optional.of(prewarm));
    if (request.prewarm().isPresent() || isShorter(prewarmed, bills.get(0))) {
      bills.add(prewarmed);
    }
    bills.add(provisioned(prewarm));
    bills.sort((one, other) -> Boolean.compare(other.isOfTheTable(), one.isOfTheTable()));
    return List.copyOf(bills);
  }

  private static boolean isShorter(Bill one, Bill other) {
    return one.pace().binding().seconds() < other.pace().binding().seconds();
  }

  private boolean asAsked(Optional<Prewarm> prewarm) {
    return prewarm.equals(request.prewarm());
  }

  private static String to(Prewarm prewarm) {
    return String.format(
        Locale.ROOT,
        " to %,d read and %,d write units a second",
        prewarm.readUnits(),
        prewarm.writeUnits());
  }

  private Bill onDemand(Optional<Prewarm> raised) {
    var pace = pace(true, raised);
    var lines = new ArrayList<BillLine>();
    boolean isGlobal = !table.replicas().isEmpty();
    lines.add(
        BillLine.of(
            "reads",
            needs.readUnits(),
            "read request units",
            table.isInfrequentAccess() ? Price.IA_READ : Price.READ,
            prices,
            String.format(Locale.ROOT, "%,d bytes at half a unit for 4 KB", needs.tableBytes())));
    lines.add(
        BillLine.of(
            "writes",
            needs.tableWrites(),
            isGlobal ? "replicated write request units" : "write request units",
            isGlobal ? replicatedWrite() : write(),
            prices,
            needs.moveWrites().estimate() > 0
                ? String.format(
                    Locale.ROOT,
                    "%,.0f of them for moves, which count twice",
                    needs.moveWrites().estimate())
                : ""));
    lines.addAll(indexWrites(table.region(), prices));
    for (Replica replica : table.replicas()) {
      var there = all.of(replica.region());
      lines.add(
          BillLine.of(
              "writes in " + replica.region(),
              needs.tableWrites(),
              "replicated write request units",
              replicatedWrite(),
              there));
      lines.addAll(indexWrites(replica.region(), there));
    }
    if (needs.actionWrites().estimate() > 0) {
      lines.add(
          BillLine.of(
              "actions",
              needs.actionWrites(),
              "write request units",
              Price.WRITE,
              prices,
              "at least, as far as the actions tell, if their tables are on demand"));
    }
    raised.ifPresent(prewarm -> lines.addAll(warming(prewarm)));
    lines.addAll(elsewhere(pace));
    return new Bill(
        raised.map(prewarm -> "on demand, prewarmed" + to(prewarm)).orElse("on demand"),
        table.isOnDemand() && asAsked(raised),
        lines,
        pace);
  }

  private List<BillLine> indexWrites(String region, Prices there) {
    return sample.indexes().stream()
        .filter(index -> index.units().estimate() > 0)
        .map(
            index ->
                BillLine.of(
                    "writes of the index "
                        + index.name()
                        + (region.equals(table.region()) ? "" : " in " + region),
                    index.units(),
                    "write request units",
                    write(),
                    there))
        .toList();
  }

  private Price write() {
    return table.isInfrequentAccess() ? Price.IA_WRITE : Price.WRITE;
  }

  private Price replicatedWrite() {
    return table.isInfrequentAccess() ? Price.IA_REPLICATED_WRITE : Price.REPLICATED_WRITE;
  }

  /** Warm throughput is charged once, for what is added. */
  private List<BillLine> warming(Prewarm prewarm) {
    var writes =
        added(table.throughput().warmWriteUnits(), Pace.NEW_TABLE_WRITES, prewarm.writeUnits());
    var reads =
        added(table.throughput().warmReadUnits(), Pace.NEW_TABLE_READS, prewarm.readUnits());
    for (IndexFacts index : table.indexes()) {
      if (index.throughput().isPresent()) {
        var has = index.throughput().get();
        writes =
            writes.plus(added(has.warmWriteUnits(), Pace.NEW_TABLE_WRITES, prewarm.writeUnits()));
        reads = reads.plus(added(has.warmReadUnits(), Pace.NEW_TABLE_READS, prewarm.readUnits()));
      }
    }
    return List.of(
        BillLine.of(
            "prewarming, writes", writes, "units a second more, once", Price.WARM_WRITE, prices),
        BillLine.of(
            "prewarming, reads", reads, "units a second more, once", Price.WARM_READ, prices));
  }

  /** Where DynamoDB does not tell what is warm, that is perhaps what a new table is, or nothing. */
  private static Interval added(OptionalLong warm, long ofNewTables, long asked) {
    return warm.isPresent()
        ? Interval.exactly((double) added(warm.getAsLong(), asked))
        : new Interval(0, added(ofNewTables, asked), asked);
  }

  private static long added(long has, long asked) {
    return Math.max(0, asked - has);
  }

  private Bill provisionedAsItIs() {
    var pace = pace(false, Optional.empty());
    var lines = new ArrayList<BillLine>();
    lines.add(
        new BillLine(
            "capacity",
            Interval.ZERO,
            "units more",
            Optional.empty(),
            Optional.of(Interval.ZERO),
            String.format(
                Locale.ROOT,
                "what is provisioned is paid for anyway; the run takes %,.0f read and %,.0f write"
                    + " units of it",
                needs.readUnits().estimate(),
                needs.allWrites().estimate())));
    lines.addAll(elsewhere(pace));
    return new Bill("provisioned, as it is", asAsked(Optional.empty()), lines, pace);
  }

  private Bill provisioned(Prewarm prewarm) {
    var pace = pace(false, Optional.of(prewarm));
    var lines = new ArrayList<BillLine>(capacity(prewarm, pace));
    lines.addAll(elsewhere(pace));
    return new Bill(
        "provisioned, raised for the run" + to(prewarm),
        !table.isOnDemand() && asAsked(Optional.of(prewarm)),
        lines,
        pace);
  }

  /** Capacity is charged by the hour, and one that is begun is charged whole. */
  private List<BillLine> capacity(Prewarm prewarm, Pace pace) {
    double hours = Math.max(1, Math.ceil(pace.binding().seconds() / SECONDS_AN_HOUR));
    var lines = new ArrayList<BillLine>();
    boolean isGlobal = !table.replicas().isEmpty();
    var own = table.isOnDemand() ? Optional.<Throughput>empty() : Optional.of(table.throughput());
    lines.add(
        hours(
            "write capacity",
            added(own.map(Throughput::writeUnits).orElse(0L), prewarm.writeUnits()),
            hours,
            isGlobal
                ? table.isInfrequentAccess()
                    ? Price.IA_REPLICATED_WRITE_HOUR
                    : Price.REPLICATED_WRITE_HOUR
                : writeHour(),
            prices));
    lines.add(
        hours(
            "read capacity",
            added(own.map(Throughput::readUnits).orElse(0L), prewarm.readUnits()),
            hours,
            table.isInfrequentAccess() ? Price.IA_READ_HOUR : Price.READ_HOUR,
            prices));
    for (IndexFacts index : table.indexes()) {
      if (index.throughput().isPresent()) {
        var has = table.isOnDemand() ? Optional.<Throughput>empty() : index.throughput();
        lines.add(
            hours(
                "write capacity of the index " + index.name(),
                added(has.map(Throughput::writeUnits).orElse(0L), prewarm.writeUnits()),
                hours,
                writeHour(),
                prices));
        lines.add(
            hours(
                "read capacity of the index " + index.name(),
                added(has.map(Throughput::readUnits).orElse(0L), prewarm.readUnits()),
                hours,
                table.isInfrequentAccess() ? Price.IA_READ_HOUR : Price.READ_HOUR,
                prices));
      }
    }
    for (Replica replica : table.replicas()) {
      lines.add(
          hours(
              "write capacity in " + replica.region(),
              added(own.map(Throughput::writeUnits).orElse(0L), prewarm.writeUnits()),
              hours,
              table.isInfrequentAccess()
                  ? Price.IA_REPLICATED_WRITE_HOUR
                  : Price.REPLICATED_WRITE_HOUR,
              all.of(replica.region())));
    }
    return lines;
  }

  private Price writeHour() {
    return table.isInfrequentAccess() ? Price.IA_WRITE_HOUR : Price.WRITE_HOUR;
  }

  private static BillLine hours(String what, long units, double hours, Price price, Prices prices) {
    return BillLine.of(
        what,
        Interval.exactly(units * hours),
        "unit-hours",
        price,
        prices,
        String.format(Locale.ROOT, "%,d more for %,.0f h", units, hours));
  }

  private Pace pace(boolean isOnDemand, Optional<Prewarm> prewarm) {
    return Pace.of(table, sample, needs, request, carrier, isOnDemand, prewarm);
  }

  /** What is charged beside DynamoDB's requests. */
  private List<BillLine> elsewhere(Pace pace) {
    var lines = new ArrayList<BillLine>();
    if (carrier.isOnAws()) {
      double seconds =
          Pace.workerSeconds(sample, needs, request, carrier, pace.binding().seconds());
      double slices = slices(pace);
      double gigabytes = carrier.memoryMegabytes() / MEGABYTES_A_GIGABYTE;
      lines.add(
          BillLine.of(
              "Lambda",
              Interval.exactly(seconds * gigabytes),
              "GB-seconds",
              carrier.isArm() ? Price.LAMBDA_ARM : Price.LAMBDA_X86,
              prices,
              String.format(
                  Locale.ROOT,
                  "%,.0f s of workers with %,d MB%s",
                  seconds,
                  carrier.memoryMegabytes(),
                  carrier.isAsDeployed() ? "" : " (assumed)")));
      lines.add(
          BillLine.of(
              "Lambda, requests",
              Interval.exactly(slices),
              "requests",
              Price.LAMBDA_REQUEST,
              prices));
      lines.add(
          BillLine.of(
              "Step Functions",
              Interval.exactly(
                  TRANSITIONS_A_RUN
                      + (double) TRANSITIONS_A_SEGMENT * request.totalSegments()
                      + TRANSITIONS_A_SLICE * slices),
              "state transitions",
              Price.TRANSITION,
              prices,
              String.format(
                  Locale.ROOT,
                  "%d for the run, %d for each of %,d segments, %d for each of %,.0f slices",
                  TRANSITIONS_A_RUN,
                  TRANSITIONS_A_SEGMENT,
                  request.totalSegments(),
                  TRANSITIONS_A_SLICE,
                  slices)));
      lines.add(
          BillLine.of(
              "S3, requests",
              needs.imageFiles().plus(Interval.exactly(RESULT_FILES)),
              "PUT requests",
              Price.S3_PUT,
              prices,
              request.keepBeforeImages()
                  ? "results, and a file of before-images for each page that is written"
                  : "results"));
      if (needs.imageBytes().high() > 0) {
        lines.add(
            BillLine.of(
                "S3, before-images for a month",
                needs.imageBytes().times(1 / GIGABYTE),
                "GB-months",
                Price.S3_STORAGE,
                prices));
      }
    }
    var growth = needs.growthBytes().within(0, Double.MAX_VALUE).times(1 / GIGABYTE);
    if (growth.high() > 0) {
      lines.add(BillLine.of("storage, a month more", growth, "GB-months", Price.STORAGE, prices));
    }
    if (table.recovery().known().filter(recovery -> recovery.isOn()).isPresent()
        && growth.high() > 0) {
      lines.add(
          BillLine.of(
              "point-in-time recovery, a month more", growth, "GB-months", Price.RECOVERY, prices));
    }
    return lines;
  }

  /** Each segment has one, and another whenever its time is up. */
  private double slices(Pace pace) {
    int atOnce = Math.min(request.maxConcurrency(), request.totalSegments());
    double secondsASegment = pace.binding().seconds() * atOnce / request.totalSegments();
    return request.totalSegments()
        * Math.max(1, Math.ceil(secondsASegment / request.sliceSeconds()));
  }
}
