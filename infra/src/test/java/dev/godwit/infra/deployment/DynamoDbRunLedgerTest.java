package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.RunLedger.History;
import dev.godwit.run.KeyChange;
import dev.godwit.run.RunSettings;
import dev.godwit.run.ledger.LedgerKey;
import dev.godwit.run.ledger.MigrationState;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a deployment reads of the history, whoever has written it. */
class DynamoDbRunLedgerTest {
  private static final LocalDynamoDb SERVER = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = SERVER.client();
  private final RunLedger ledger =
      new DynamoDbRunLedger(CLIENT, "godwit-ledger", new AwsCalls(Clock.systemUTC()));

  @BeforeAll
  static void makeLedger() {
    LedgerTable.create(CLIENT, "godwit-ledger");
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    SERVER.close();
  }

  private static void put(String migration, Map<String, String> attributes) {
    var item = new HashMap<String, AttributeValue>();
    item.put("pk", AttributeValue.fromS("TABLE#Cities"));
    item.put("sk", AttributeValue.fromS("MIGRATION#" + migration));
    attributes.forEach((name, text) -> item.put(name, AttributeValue.fromS(text)));
    CLIENT.putItem(put -> put.tableName("godwit-ledger").item(item));
  }

  @Test
  void history_thatARunHasWritten_namesIt() {
    put("20261101-run", Map.of("state", "applied", "runId", "r"));
    assertThat(ledger.history("Cities", "20261101-run"))
        .isEqualTo(new History(MigrationState.APPLIED, "r", 0));
  }

  @Test
  void history_thatWasMarkedByHand_isAppliedByNoRun() {
    put("20261102-marked", Map.of("state", "applied", "at", "2026-11-26T06:00:00Z"));
    assertThat(ledger.history("Cities", "20261102-marked"))
        .isEqualTo(new History(MigrationState.APPLIED, "", 0));
  }

  @Test
  void target_isTheOneThatTheRunsRequestNames() {
    var request =
        new DeploymentRequest(
                "Cities", List.of(), true, 100, RunSettings.DEFAULT, "1", "jars", Moment.AFTER)
            .keyChangeRequest(
                "r1", "20261126-m", KeyChange.of("Cities-2", "if-absent", "table"), "s3://b/m");
    CLIENT.putItem(
        put ->
            put.tableName("godwit-ledger")
                .item(
                    Map.of(
                        "pk", AttributeValue.fromS(LedgerKey.run("r1").partition()),
                        "sk", AttributeValue.fromS(LedgerKey.run("r1").sort()),
                        "request", AttributeValue.fromS(request))));

    assertThat(ledger.target("r1")).hasValue("Cities-2");
    assertThat(ledger.target("r2")).isEmpty();
  }

  @Test
  void history_ofNothing_andOfAStateThatNobodyKnows() {
    assertThat(ledger.history("Cities", "20261103-never")).isEqualTo(History.NONE);
    put("20261104-strange", Map.of("state", "squashed"));
    assertThatThrownBy(() -> ledger.history("Cities", "20261104-strange"))
        .hasMessageContaining("20261104-strange as \"squashed\"");
  }

  @Test
  void takeBack_ofWhatThatRunHasApplied_isUndoneAndOfOthersIsLeftAlone() {
    put("20261105-ours", Map.of("state", "applied", "runId", "ours"));
    put("20261106-half", Map.of("state", "partial", "runId", "ours"));
    put("20261107-theirs", Map.of("state", "applied", "runId", "theirs"));

    for (int i = 0; i < 2; i++) {
      ledger.takeBack("Cities", "20261105-ours", "ours");
      ledger.takeBack("Cities", "20261106-half", "ours");
      ledger.takeBack("Cities", "20261107-theirs", "ours");
      ledger.takeBack("Cities", "20261108-none", "ours");
    }

    assertThat(ledger.history("Cities", "20261105-ours").state()).isEqualTo(MigrationState.UNDONE);
    assertThat(ledger.history("Cities", "20261106-half").state()).isEqualTo(MigrationState.UNDONE);
    assertThat(ledger.history("Cities", "20261107-theirs").state())
        .isEqualTo(MigrationState.APPLIED);
    assertThat(ledger.history("Cities", "20261108-none")).isEqualTo(History.NONE);
  }
}
