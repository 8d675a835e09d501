package dev.godwit.infra.deployment;

import dev.godwit.run.RunRequestJson;
import dev.godwit.run.ledger.HistoryItem;
import dev.godwit.run.ledger.LeaseItem;
import dev.godwit.run.ledger.LedgerKey;
import dev.godwit.run.ledger.MigrationState;
import dev.godwit.run.ledger.RunItem;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** The ledger, as the definitions in {@code asl/} keep it. */
final class DynamoDbRunLedger implements RunLedger {
  private final DynamoDbClient client;
  private final String ledger;
  private final AwsCalls calls;

  DynamoDbRunLedger(DynamoDbClient client, String ledger, AwsCalls calls) {
    this.client = client;
    this.ledger = ledger;
    this.calls = calls;
  }

  @Override
  public History history(String tableName, String migration) {
    var item = item(LedgerKey.migration(tableName, migration));
    if (item.isEmpty()) {
      return History.NONE;
    }
    MigrationState state;
    try {
      state = MigrationState.of(text(item, HistoryItem.STATE));
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "The history has " + migration + " as \"" + text(item, HistoryItem.STATE) + "\"", e);
    }
    var failed = item.get(HistoryItem.FAILED);
    return new History(
        state,
        item.containsKey(HistoryItem.RUN_ID) ? text(item, HistoryItem.RUN_ID) : "",
        failed == null || failed.n() == null ? 0 : Long.parseLong(failed.n()));
  }

  @Override
  public Optional<String> target(String runId) {
    var run = item(LedgerKey.run(runId));
    if (!run.containsKey(RunItem.REQUEST)) {
      return Optional.empty();
    }
    try {
      return RunRequestJson.read(text(run, RunItem.REQUEST)).targetTable();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // of another version
    }
  }

  @Override
  public Optional<String> holder(String tableName) {
    var lease = item(LedgerKey.lease(tableName));
    return lease.containsKey(LeaseItem.EXECUTION_ARN)
        ? Optional.of(text(lease, LeaseItem.RUN_ID))
        : Optional.empty();
  }

  @Override
  public Books books(String runId) {
    var run = item(LedgerKey.run(runId));
    if (run.isEmpty()) {
      return Books.NONE;
    }
    return text(run, RunItem.STATUS).equals("RUNNING") ? Books.OPEN : Books.CLOSED;
  }

  @Override
  public void takeBack(String tableName, String migration, String runId) {
    calls.ask(
        () -> {
          try {
            client.updateItem(
                update ->
                    update
                        .tableName(ledger)
                        .key(NoteItem.key(LedgerKey.migration(tableName, migration)))
                        .updateExpression("SET #state = :undone")
                        .conditionExpression("#run = :run AND #state IN (:applied, :partial)")
                        .expressionAttributeNames(
                            Map.of("#state", HistoryItem.STATE, "#run", HistoryItem.RUN_ID))
                        .expressionAttributeValues(
                            Map.of(
                                ":run", AttributeValue.fromS(runId),
                                ":undone", AttributeValue.fromS(HistoryItem.UNDONE),
                                ":applied", AttributeValue.fromS(HistoryItem.APPLIED),
                                ":partial", AttributeValue.fromS(HistoryItem.PARTIAL))));
          } catch (ConditionalCheckFailedException e) {
            // It never came so far, it is undone already, or another run has been there since.
          }
          return runId;
        });
  }

  private Map<String, AttributeValue> item(LedgerKey key) {
    var answer =
        calls.ask(
            () ->
                client.getItem(
                    get -> get.tableName(ledger).key(NoteItem.key(key)).consistentRead(true)));
    return answer.hasItem() ? answer.item() : Map.of();
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    if (value == null || value.s() == null) {
      throw new IllegalStateException("An item of the ledger has no " + name);
    }
    return value.s();
  }
}
