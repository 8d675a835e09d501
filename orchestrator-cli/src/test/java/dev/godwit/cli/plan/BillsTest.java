package dev.godwit.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.godwit.cli.facts.TableFacts.Replica;
import dev.godwit.cli.price.Price;
import dev.godwit.run.RunRequest.Prewarm;
import java.util.List;
import org.junit.jupiter.api.Test;

class BillsTest {
  private static final String HOUR = "provisioned, raised for the run";

  /**
   * "For example, … an eventually consistent read of an 8 KB item requires one read request unit":
   * aws.amazon.com/dynamodb/pricing/on-demand; read 2026-11-26. A page begins another 4 KB, half of
   * one on average.
   */
  @Test
  void reads_areAsInAwssExample() {
    var planned = new Planned().price(Price.READ, "0.000000125");
    planned.items = 1_000_000;
    planned.bytes = 8_192L * planned.items;

    var reads = Planned.line(planned.bill("on demand"), "reads");

    assertThat(reads.amount().estimate()).isCloseTo(1_000_000, within(3_000.0));
    assertThat(reads.dollars().orElseThrow().estimate()).isCloseTo(0.125, within(0.001));
  }

  /**
   * "If you create a table and request 10 units of write capacity and 200 units of read capacity …
   * $0.01 + (4 x $0.01) = $0.05 per hour", at $0.01 an hour for 10 units of write and for 50 units
   * of read capacity: DynamoDB FAQs, "What are some pricing examples?", of an earlier year; in a
   * copy, brainscape.com/flashcards/amazon-dynamodb-pricing-6688548; read 2026-11-26.
   */
  @Test
  void capacity_isAsInAwssExample() {
    var planned = new Planned().price(Price.WRITE_HOUR, "0.001").price(Price.READ_HOUR, "0.0002");
    planned.isOnDemand = false;
    planned.prewarm = java.util.Optional.of(new Prewarm(200, 10));

    assertThat(planned.bill(HOUR).dollars().estimate()).isCloseTo(0.05, within(1e-9));
  }

  /** As many hours as begin, and only what is added to what is there. */
  @Test
  void capacity_ofARunOfSeveralHours_isChargedForEachHourThatBegins() {
    var planned =
        new Planned().price(Price.WRITE_HOUR, "0.00065").price(Price.READ_HOUR, "0.00013");
    planned.isOnDemand = false;
    planned.throughput = Planned.provisioned(5_000, 1_000);
    planned.items = 1_000_000;
    planned.bytes = 1_024 * planned.items;
    planned.writeUnits = 10_000 * 3_600 * 2.5;
    planned.prewarm = java.util.Optional.of(new Prewarm(4_000, 10_000));

    var bill = planned.bill(HOUR);

    assertThat(bill.pace().binding().name()).isEqualTo("the table's write capacity");
    assertThat(bill.pace().binding().seconds()).isCloseTo(2.5 * 3_600, within(1.0));
    assertThat(Planned.line(bill, "write capacity").amount().estimate())
        .isEqualTo((10_000 - 1_000) * 3.0);
    assertThat(Planned.line(bill, "write capacity").arithmetic())
        .isEqualTo("9,000 more for 3 h; 27,000 × $0.00065");
    assertThat(Planned.line(bill, "read capacity").amount().estimate()).isZero();
    assertThat(planned.bill("provisioned, as it is").dollars().estimate()).isZero();
    assertThat(planned.bill("provisioned, as it is").pace().binding().seconds())
        .isCloseTo(25 * 3_600, within(1.0));
    assertThat(planned.bill("on demand").pace().limits())
        .as("on demand nothing is provisioned")
        .noneMatch(limit -> limit.why().contains("provisioned"));
  }

  /** A billion items of 1 KB, all rewritten: $625 for the writes, $15.6 for the reads. */
  @Test
  void onDemand_aBillionItems_costWhatTheirUnitsDo() {
    var planned = new Planned().price(Price.WRITE, "0.000000625").price(Price.READ, "0.000000125");
    planned.items = 1_000_000_000;
    planned.bytes = 1_024 * planned.items;
    planned.writeUnits = planned.items;

    assertThat(planned.bill("on demand").dollars().estimate()).isCloseTo(640.6, within(0.1));
  }

  /**
   * "one rWRU per replica table is charged for each write up to 1KB", and "Updates to Global
   * Secondary Indexes (GSIs) are billed using the same units as single-Region DynamoDB tables":
   * developer guide, "Understanding Amazon DynamoDB billing for global tables"; read 2026-11-26.
   */
  @Test
  void replicas_areChargedForEachWrite_andTheirIndexesAsAnyTables() {
    var planned =
        new Planned()
            .price(Price.WRITE, "0.000001")
            .price(Price.REPLICATED_WRITE, "0.000002")
            .index("ByName", 300, Planned.warm(12_000, 4_000));
    planned.items = 1_000;
    planned.writeUnits = 1_000;
    planned.replicas = List.of(new Replica("us-west-2", "ACTIVE"), new Replica("mars-1", "ACTIVE"));

    var bill = planned.bill("on demand");

    assertThat(Planned.line(bill, "writes").dollars().orElseThrow().estimate())
        .isCloseTo(0.002, within(1e-9));
    assertThat(Planned.line(bill, "writes in us-west-2").dollars().orElseThrow().estimate())
        .isCloseTo(0.002, within(1e-9));
    assertThat(
            Planned.line(bill, "writes of the index ByName in us-west-2")
                .dollars()
                .orElseThrow()
                .estimate())
        .isCloseTo(0.0003, within(1e-9));
    assertThat(Planned.line(bill, "writes in mars-1").dollars()).isEmpty();
    assertThat(Planned.line(bill, "writes in mars-1").arithmetic())
        .isEqualTo("what a replicated write request unit costs in mars-1 is not known");
    assertThat(bill.isMoreThanKnown()).isTrue();
  }

  @Test
  void prewarming_ofWhatIsWarmAlready_isNotCharged() {
    var planned = new Planned().index("ByName", 0, Planned.warm(20_000, 4_000));
    planned.throughput = Planned.warm(12_000, 4_000);
    planned.prewarm = java.util.Optional.of(new Prewarm(12_000, 10_000));

    var bill = planned.bill("on demand, prewarmed");

    assertThat(bill.isOfTheTable()).isTrue();
    assertThat(Planned.line(bill, "prewarming, writes").amount().estimate())
        .isEqualTo(6_000 + 6_000);
    assertThat(Planned.line(bill, "prewarming, reads").amount().estimate()).isZero();
    assertThat(bill.isMoreThanKnown()).as("nobody has told what it costs").isTrue();
  }

  @Test
  void all_whereNothingIsToBeRaised_tellWhatAnHourWouldCost() {
    var planned =
        new Planned().price(Price.WRITE_HOUR, "0.00065").price(Price.READ_HOUR, "0.00013");
    planned.items = 36_000_000;
    planned.bytes = 1_024 * planned.items;
    planned.writeUnits = planned.items;
    planned.throughput = Planned.warm(12_000, 4_000);

    assertThat(planned.bills())
        .extracting(Bill::name)
        .containsExactly(
            "on demand",
            "on demand, prewarmed to 12,000 read and 10,000 write units a second",
            "provisioned, raised for the run to 12,000 read and 10,000 write units a second");
    assertThat(planned.bills()).extracting(Bill::isOfTheTable).containsExactly(true, false, false);
    assertThat(planned.bill(HOUR).dollars().estimate())
        .as("10,000 WCU and 12,000 RCU for an hour")
        .isCloseTo(6.5 + 1.56, within(1e-9));
    assertThat(planned.bills().get(0).pace().binding().seconds()).isCloseTo(9_000, within(1.0));
    assertThat(planned.bill(HOUR).pace().binding().seconds()).isCloseTo(3_600, within(1.0));
  }

  @Test
  void prewarming_whereNobodyTellsWhatIsWarm_isBounded_notGuessed() {
    var planned = new Planned();
    planned.prewarm = java.util.Optional.of(new Prewarm(12_000, 10_000));

    var bill = planned.bill("on demand, prewarmed");

    assertThat(Planned.line(bill, "prewarming, writes").amount())
        .isEqualTo(new dev.godwit.cli.sample.Interval(0, 6_000, 10_000));
    assertThat(Planned.line(bill, "prewarming, reads").amount())
        .isEqualTo(new dev.godwit.cli.sample.Interval(0, 0, 12_000));
  }

  @Test
  void onAws_lambdaAndStepFunctions_areChargedToo() {
    var planned =
        new Planned()
            .price(Price.LAMBDA_ARM, "0.0000133334")
            .price(Price.LAMBDA_REQUEST, "0.0000002")
            .price(Price.TRANSITION, "0.000025")
            .price(Price.S3_PUT, "0.000005");
    planned.carrier = Carrier.onAws();
    planned.items = 4_000_000;
    planned.bytes = 1_024 * planned.items;
    planned.writeUnits = 4_000 * 960;
    planned.throughput = Planned.warm(12_000, 4_000);

    var bill = planned.bill("on demand");

    assertThat(bill.pace().binding().seconds()).isCloseTo(960, within(1.0));
    assertThat(Planned.line(bill, "Lambda").amount().estimate())
        .as("100 workers, all the time")
        .isCloseTo(960 * 100 * 1769 / 1024.0, within(200.0));
    assertThat(Planned.line(bill, "Lambda, requests").amount().estimate())
        .as("four slices of 240 s in each of 100 segments")
        .isEqualTo(400);
    assertThat(Planned.line(bill, "Step Functions").amount().estimate())
        .isEqualTo(40 + 5 * 100 + 3 * 400);
  }
}
