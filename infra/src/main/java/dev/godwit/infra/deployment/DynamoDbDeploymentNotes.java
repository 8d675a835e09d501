package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.DeploymentItem;
import dev.godwit.run.ledger.LedgerKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Notes as items of the ledger, {@code TABLE#t} / {@code DEPLOYMENT}: written attribute by
 * attribute, on the condition that phase, deployment and revision are those that were read.
 */
final class DynamoDbDeploymentNotes implements DeploymentNotes {
  private final DynamoDbClient client;
  private final String ledger;
  private final AwsCalls calls;

  DynamoDbDeploymentNotes(DynamoDbClient client, String ledger, AwsCalls calls) {
    this.client = client;
    this.ledger = ledger;
    this.calls = calls;
  }

  @Override
  public DeploymentNote read(String tableName) {
    var answer =
        calls.ask(
            () ->
                client.getItem(
                    get -> get.tableName(ledger).key(key(tableName)).consistentRead(true)));
    return answer.hasItem() ? NoteItem.note(answer.item()) : DeploymentNote.EMPTY;
  }

  @Override
  public DeploymentNote write(String tableName, DeploymentNote seen, DeploymentNote changed) {
    var written = changed.written();
    var request = request(tableName, seen, written);
    return calls.ask(
        () -> {
          try {
            client.updateItem(request);
            return written;
          } catch (ConditionalCheckFailedException e) {
            throw new NoteChanged(tableName);
          }
        });
  }

  private UpdateItemRequest request(String tableName, DeploymentNote seen, DeploymentNote written) {
    var names = new LinkedHashMap<String, String>();
    var values = new LinkedHashMap<String, AttributeValue>();
    var set = new ArrayList<String>();
    var remove = new ArrayList<String>();
    NoteItem.attributes(written)
        .forEach(
            (name, value) -> {
              names.put("#" + name, name);
              if (value.isPresent()) {
                values.put(":" + name, value.get());
                set.add("#" + name + " = :" + name);
              } else {
                remove.add("#" + name);
              }
            });
    var conditions = new ArrayList<String>();
    if (seen.revision() == 0) {
      conditions.add("attribute_not_exists(#" + DeploymentItem.REVISION + ")");
    } else {
      NoteItem.identity(seen)
          .forEach(
              (name, value) -> {
                if (value.isPresent()) {
                  values.put(":seen_" + name, value.get());
                  conditions.add("#" + name + " = :seen_" + name);
                } else {
                  conditions.add("attribute_not_exists(#" + name + ")");
                }
              });
    }
    return UpdateItemRequest.builder()
        .tableName(ledger)
        .key(key(tableName))
        .updateExpression(
            "SET "
                + String.join(", ", set)
                + (remove.isEmpty() ? "" : " REMOVE " + String.join(", ", remove)))
        .conditionExpression(String.join(" AND ", conditions))
        .expressionAttributeNames(names)
        .expressionAttributeValues(values)
        .build();
  }

  private static Map<String, AttributeValue> key(String tableName) {
    return NoteItem.key(LedgerKey.deployment(tableName));
  }
}
