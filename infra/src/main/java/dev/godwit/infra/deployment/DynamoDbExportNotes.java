package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.LedgerKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/** Exports as items of the ledger: docs/ledger.md has their attributes. */
final class DynamoDbExportNotes implements ExportNotes {
  private final DynamoDbClient client;
  private final String ledger;
  private final AwsCalls calls;

  DynamoDbExportNotes(DynamoDbClient client, String ledger, AwsCalls calls) {
    this.client = client;
    this.ledger = ledger;
    this.calls = calls;
  }

  @Override
  public Optional<ExportRecord> latest(String tableName, String migration) {
    var all = LedgerKey.exports(tableName, migration);
    return calls
        .ask(
            () ->
                client.query(
                    query ->
                        query
                            .tableName(ledger)
                            .consistentRead(true)
                            .scanIndexForward(false)
                            .limit(1)
                            .keyConditionExpression("pk = :table AND begins_with(sk, :exports)")
                            .expressionAttributeValues(
                                Map.of(
                                    ":table", AttributeValue.fromS(all.partition()),
                                    ":exports", AttributeValue.fromS(all.sort())))))
        .items()
        .stream()
        .findFirst()
        .map(DynamoDbExportNotes::record);
  }

  @Override
  public void write(Optional<ExportRecord> seen, ExportRecord next) {
    var item = new HashMap<>(NoteItem.key(next.key()));
    next.attributes()
        .forEach(
            (name, value) ->
                item.put(
                    name,
                    value instanceof Long number
                        ? AttributeValue.fromN(Long.toString(number))
                        : AttributeValue.fromS(value.toString())));
    var before = seen.filter(there -> there.key().equals(next.key()));
    calls.ask(
        () -> {
          try {
            return client.putItem(
                put -> {
                  put.tableName(ledger).item(item);
                  if (before.isPresent()) {
                    put.conditionExpression("#token = :token AND #status = :status")
                        .expressionAttributeNames(
                            Map.of("#token", ExportRecord.TOKEN, "#status", ExportRecord.STATUS))
                        .expressionAttributeValues(
                            Map.of(
                                ":token", AttributeValue.fromS(before.get().token()),
                                ":status", AttributeValue.fromS(before.get().status().name())));
                  } else {
                    put.conditionExpression("attribute_not_exists(" + LedgerKey.PARTITION + ")");
                  }
                });
          } catch (ConditionalCheckFailedException e) {
            throw new NoteChanged(next.tableName());
          }
        });
  }

  private static ExportRecord record(Map<String, AttributeValue> item) {
    var texts = new HashMap<String, String>();
    item.forEach(
        (name, value) -> {
          if (value.s() != null) {
            texts.put(name, value.s());
          } else if (value.n() != null) {
            texts.put(name, value.n());
          }
        });
    try {
      return ExportRecord.of(texts);
    } catch (RuntimeException e) {
      throw new IllegalStateException("An export in the ledger is not readable", e);
    }
  }
}
