package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.run.ledger.Slowdown;
import dev.godwit.worker.pace.Rate;
import dev.godwit.worker.pace.Use;
import dev.godwit.worker.wire.JsonService;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LedgerRatesTest {
  private static LocalDynamoDb server;
  private static LocalTable ledger;
  private static JsonService service;
  private static LedgerRates rates;

  @BeforeAll
  static void start() {
    server = LocalDynamoDb.inMemory();
    ledger = LocalTable.create(server, "godwit-ledger", "pk", "sk");
    service = TestClients.of(server.endpoint());
    // a busy machine answers when it can
    rates = new LedgerRates(service, Duration.ofMinutes(2));
  }

  @AfterAll
  static void stop() {
    service.close();
    server.close();
  }

  @Test
  void read_document_addsItsGroupsUp() {
    ledger.put(
        DynamoDbJson.parse(
            """
            {"pk":{"S":"RUN#whole"},"sk":{"S":"RATE"},"readUnitsPerSecond":{"N":"30"},
             "writeUnitsPerSecond":{"N":"450"},"paused":{"BOOL":true},"revision":{"N":"7"},
             "by":{"S":"me"},"atOnce":{"N":"40"},"maxConcurrency":{"N":"20"},"writesSlowed":{"N":"12"},"writesSlowedTo":{"N":"133.333"},
             "writesSlowedFor":{"S":"index"},"writesSlowedAt":{"S":"2026-11-26T09:00:00Z"},"scanned-0":{"N":"2"},"scanned-63":{"N":"40"},"actions-3":{"N":"1"}}"""));

    assertThat(rates.read("godwit-ledger", "whole"))
        .contains(
            new Rate(
                new Rate.Asked(OptionalDouble.of(30), OptionalDouble.of(450), 40, true, 7),
                42,
                1,
                Slowdown.NONE,
                new Slowdown(12, OptionalDouble.of(133.333), Optional.of(Slowdown.Limit.INDEX))));
  }

  @Test
  void read_nothingButCounts_isAsAskedOtherwise() {
    ledger.put(
        DynamoDbJson.parse(
            "{\"pk\":{\"S\":\"RUN#counted\"},\"sk\":{\"S\":\"RATE\"},\"scanned-5\":{\"N\":\"9\"}}"));

    assertThat(rates.read("godwit-ledger", "counted"))
        .contains(new Rate(Rate.AS_ASKED.asked(), 9, 0, Slowdown.NONE, Slowdown.NONE));
  }

  @Test
  void read_noDocument_isAsAsked() {
    assertThat(rates.read("godwit-ledger", "other")).contains(Rate.AS_ASKED);
  }

  @Test
  void slow_manyAtOnceForOneCause_isDoneOnceAndLeavesWhatSomebodyHasSet() {
    ledger.put(
        DynamoDbJson.parse(
            """
            {"pk":{"S":"RUN#slowed"},"sk":{"S":"RATE"},"writeUnitsPerSecond":{"N":"450"},
             "revision":{"N":"7"},"scanned-0":{"N":"2"}}"""));
    var first = Slowdown.NONE.next(OptionalDouble.of(450), Slowdown.Limit.TABLE);

    assertThat(slow("slowed", first)).isTrue();
    assertThat(slow("slowed", first)).isFalse();
    assertThat(slow("slowed", first.next(OptionalDouble.of(300), Slowdown.Limit.MAXIMUM))).isTrue();
    assertThat(slow("slowed", first.next(OptionalDouble.of(300), Slowdown.Limit.TABLE))).isFalse();

    assertThat(rates.read("godwit-ledger", "slowed"))
        .contains(
            new Rate(
                new Rate.Asked(OptionalDouble.empty(), OptionalDouble.of(450), 0, false, 7),
                2,
                0,
                Slowdown.NONE,
                new Slowdown(2, OptionalDouble.of(200), Optional.of(Slowdown.Limit.MAXIMUM))));
  }

  @Test
  void slow_noBudget_saysHowOftenAndForWhat() {
    var first = Slowdown.NONE.next(OptionalDouble.empty(), Slowdown.Limit.ACCOUNT);
    slow("free", first);

    assertThat(rates.read("godwit-ledger", "free").orElseThrow().writes()).isEqualTo(first);
  }

  @Test
  void slow_noLedger_isNotDone() {
    assertThat(
            rates.slow(
                "nowhere",
                "other",
                Use.READS,
                Slowdown.NONE.next(OptionalDouble.empty(), Slowdown.Limit.TABLE)))
        .isFalse();
  }

  private static boolean slow(String runId, Slowdown next) {
    return rates.slow("godwit-ledger", runId, Use.WRITES, next);
  }

  @Test
  void read_noLedger_isNoAnswer() {
    assertThat(rates.read("nowhere", "other")).isEmpty();
  }
}
