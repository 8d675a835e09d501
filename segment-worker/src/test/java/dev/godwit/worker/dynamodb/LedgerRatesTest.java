package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.worker.pace.Rate;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LedgerRatesTest {
  private static LocalDynamoDb server;
  private static LocalTable ledger;
  private static DynamoDbDatabase database;

  @BeforeAll
  static void start() {
    server = LocalDynamoDb.inMemory();
    ledger = LocalTable.create(server, "godwit-ledger", "pk", "sk");
    database = new DynamoDbDatabase(TestClients.of(server.endpoint()), false);
  }

  @AfterAll
  static void stop() {
    database.close();
    server.close();
  }

  @Test
  void read_document_addsItsGroupsUp() {
    ledger.put(
        DynamoDbJson.parse(
            """
            {"pk":{"S":"RUN#whole"},"sk":{"S":"RATE"},"readUnitsPerSecond":{"N":"30"},
             "writeUnitsPerSecond":{"N":"450"},"paused":{"BOOL":true},"revision":{"N":"7"},
             "by":{"S":"me"},"scanned-0":{"N":"2"},"scanned-63":{"N":"40"},"actions-3":{"N":"1"}}"""));

    assertThat(database.rates().read("godwit-ledger", "whole"))
        .contains(new Rate(OptionalDouble.of(30), OptionalDouble.of(450), true, 7, 42, 1));
  }

  @Test
  void read_nothingButCounts_isAsAskedOtherwise() {
    ledger.put(
        DynamoDbJson.parse(
            "{\"pk\":{\"S\":\"RUN#counted\"},\"sk\":{\"S\":\"RATE\"},\"scanned-5\":{\"N\":\"9\"}}"));

    assertThat(database.rates().read("godwit-ledger", "counted"))
        .contains(new Rate(OptionalDouble.empty(), OptionalDouble.empty(), false, 0, 9, 0));
  }

  @Test
  void read_noDocument_isAsAsked() {
    assertThat(database.rates().read("godwit-ledger", "other")).contains(Rate.AS_ASKED);
  }

  @Test
  void read_noLedger_isNoAnswer() {
    assertThat(database.rates().read("nowhere", "other")).isEmpty();
  }
}
