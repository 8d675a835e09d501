package dev.godwit.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.facts.TableFacts.Replica;
import dev.godwit.cli.facts.TableFacts.Scaling;
import dev.godwit.cli.facts.TableFacts.Stream;
import dev.godwit.cli.facts.Told;
import dev.godwit.cli.price.Price;
import dev.godwit.cli.sample.Interval;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A plan over a table that has all that DynamoDB Local does not tell. */
class PlanTextTest {
  private static final String READER =
      "arn:aws:lambda:us-east-1:123456789012:function:index (Enabled)";

  private static Plan plan() {
    var planned =
        new Planned()
            .price(Price.WRITE, "0.000000625")
            .price(Price.REPLICATED_WRITE, "0.000000625")
            .index("ByName", 2_000, Planned.warm(12_000, 4_000));
    planned.items = 1_000;
    planned.bytes = 1_000_000;
    planned.writeUnits = 1_000;
    planned.replicas = List.of(new Replica("us-west-2", "ACTIVE"));
    planned.throughput = Planned.warm(12_000, 4_000);
    var plain = planned.table();
    var table =
        new TableFacts(
            plain.name(),
            plain.arn(),
            plain.region(),
            plain.status(),
            plain.items(),
            plain.bytes(),
            true,
            false,
            plain.throughput(),
            plain.keys(),
            plain.indexes(),
            0,
            Optional.empty(),
            true,
            "KMS",
            Optional.of(new Stream("arn:stream", "NEW_IMAGE")),
            plain.replicas(),
            false,
            Told.of(Optional.of("gone")),
            plain.recovery(),
            Told.of(List.of(READER)),
            Told.of(List.of("arn:kinesis")),
            Told.of(
                List.of(
                    new Scaling("table/Cities", "dynamodb:table:ReadCapacityUnits", 5, 9, true))));
    var sample = planned.sample();
    return new Plan(
        Instant.parse("2026-11-26T12:00:00Z"),
        planned.request(),
        planned.carrier,
        table,
        sample,
        1,
        planned.needs(),
        planned.prices(),
        planned.bills(),
        Wakes.of(table, sample),
        List.of(new Suggestion("--segments", "7", false, "as it is")),
        List.of(Check.no("active", "Is it?", "no\u001b[31m")),
        "godwit run");
  }

  @Test
  void text_tellsWhatIsWoken() {
    var text = PlanText.of(plan());

    assertThat(text)
        .contains("warm for 12,000 read and 4,000 write units a second")
        .contains("1,000 stream records (NEW_IMAGE) go to each of: " + READER)
        .contains("1,000 records go to Kinesis: arn:kinesis")
        .contains("charged, again in us-west-2")
        .contains("time to live (gone)")
        .contains("table/Cities ReadCapacityUnits 5 to 9 (suspended)")
        .contains("to a point in time of the last 35 days, back to 2026-10-22T00:00:00Z")
        .contains("writes of the index ByName in us-west-2")
        .containsPattern("no +Is it\\?");
    assertThat(text).as("what steers a terminal is shown, not done").doesNotContain("\u001b");
  }

  @Test
  void json_hasWhatTheTextTells() throws IOException {
    var json = new ObjectMapper().readTree(PlanJson.of(plan()));

    assertThat(json.at("/table/streamReaders/functions/0").asText()).isEqualTo(READER);
    assertThat(json.at("/table/recovery/days").asInt()).isEqualTo(35);
    assertThat(json.at("/table/expiry/attribute").asText()).isEqualTo("gone");
    assertThat(json.at("/wakes").size()).isEqualTo(4);
    assertThat(json.at("/mayStart").asBoolean()).isFalse();
    assertThat(json.at("/bills/0/lines/0/what").asText()).isEqualTo("reads");
    assertThat(json.at("/bills/0/lines/0/dollars").isMissingNode()).as("unknown").isTrue();
    assertThat(json.at("/bills/0/moreThanKnown").asBoolean()).isTrue();
  }

  @Test
  void dollars_ofFewAndMany_keepTwoDigits() {
    assertThat(PlanWords.dollars(Interval.exactly(0))).isEqualTo("$0");
    assertThat(PlanWords.dollars(Interval.exactly(0.0000123))).isEqualTo("$0.000012");
    assertThat(PlanWords.dollars(Interval.exactly(1_234.5))).isEqualTo("$1,234.50");
    assertThat(PlanWords.dollars(new Interval(1, 2, 3))).isEqualTo("$2.00 ($1.00 to $3.00)");
  }

  @Test
  void numbers_areReadable() {
    assertThat(BillLine.number(0.000240)).isEqualTo("0.00024");
    assertThat(BillLine.number(12_345.6)).isEqualTo("12,346");
    assertThat(PlanWords.bytes(5_769_865)).isEqualTo("5.8 MB");
    assertThat(PlanWords.time(95)).isEqualTo("95 s");
    assertThat(PlanWords.time(9_000)).isEqualTo("2.5 h");
  }
}
