package dev.godwit.infra.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.run.ledger.DeploymentItem;
import dev.godwit.run.ledger.HistoryItem;
import dev.godwit.run.ledger.LeaseItem;
import dev.godwit.run.ledger.LedgerKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The ledger, as the definitions in {@code asl/} keep it. */
final class DynamoDbBooks implements Books {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<Started>> STARTED = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> PROPERTIES = new TypeReference<>() {};

  private final DynamoDbClient client;
  private final String ledger;

  DynamoDbBooks(DynamoDbClient client, String ledger) {
    this.client = client;
    this.ledger = ledger;
  }

  @Override
  public boolean applied(String tableName, String migration) {
    return item(LedgerKey.migration(tableName, migration))
        .map(item -> HistoryItem.APPLIED.equals(text(item, HistoryItem.STATE)))
        .orElse(false);
  }

  @Override
  public Optional<String> holder(String tableName) {
    return item(LedgerKey.lease(tableName))
        .filter(item -> item.containsKey(LeaseItem.EXECUTION_ARN))
        .map(item -> text(item, LeaseItem.RUN_ID));
  }

  @Override
  public boolean opened(String runId) {
    return item(LedgerKey.run(runId)).isPresent();
  }

  @Override
  public Optional<Note> note(String tableName) {
    return item(LedgerKey.deployment(tableName)).map(DynamoDbBooks::note);
  }

  private static Note note(Map<String, AttributeValue> item) {
    try {
      return new Note(
          text(item, DeploymentItem.DEPLOYMENT),
          DeploymentRequest.of(JSON.readValue(text(item, DeploymentItem.REQUEST), PROPERTIES)),
          JSON.readValue(text(item, DeploymentItem.STARTED), STARTED),
          AttributeValue.fromBool(true).equals(item.get(DeploymentItem.ROLLED_BACK)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "The ledger's note of the last deployment is not readable", e);
    }
  }

  @Override
  public void write(String tableName, Note note) {
    try {
      var item = new HashMap<>(key(LedgerKey.deployment(tableName)));
      item.put(DeploymentItem.DEPLOYMENT, AttributeValue.fromS(note.deployment()));
      item.put(
          DeploymentItem.REQUEST,
          AttributeValue.fromS(JSON.writeValueAsString(note.request().properties())));
      item.put(
          DeploymentItem.STARTED, AttributeValue.fromS(JSON.writeValueAsString(note.started())));
      item.put(DeploymentItem.ROLLED_BACK, AttributeValue.fromBool(note.rolledBack()));
      client.putItem(put -> put.tableName(ledger).item(item));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<Map<String, AttributeValue>> item(LedgerKey key) {
    var answer = client.getItem(get -> get.tableName(ledger).key(key(key)).consistentRead(true));
    return answer.hasItem() ? Optional.of(answer.item()) : Optional.empty();
  }

  private static Map<String, AttributeValue> key(LedgerKey key) {
    return Map.of(
        LedgerKey.PARTITION, AttributeValue.fromS(key.partition()),
        LedgerKey.SORT, AttributeValue.fromS(key.sort()));
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    if (value == null || value.s() == null) {
      throw new IllegalStateException("An item of the ledger has no " + name);
    }
    return value.s();
  }
}
