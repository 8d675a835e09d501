package dev.godwit.infra.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
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
    return item("TABLE#" + tableName, "MIGRATION#" + migration)
        .map(item -> "applied".equals(text(item, "state")))
        .orElse(false);
  }

  @Override
  public Optional<String> holder(String tableName) {
    return item("TABLE#" + tableName, "LEASE").map(item -> text(item, "runId"));
  }

  @Override
  public boolean opened(String runId) {
    return item("RUN#" + runId, "RUN").isPresent();
  }

  @Override
  public Optional<Note> note(String tableName) {
    return item("TABLE#" + tableName, "DEPLOYMENT").map(DynamoDbBooks::note);
  }

  private static Note note(Map<String, AttributeValue> item) {
    try {
      return new Note(
          text(item, "deployment"),
          DeploymentRequest.of(JSON.readValue(text(item, "request"), PROPERTIES)),
          JSON.readValue(text(item, "started"), STARTED),
          AttributeValue.fromBool(true).equals(item.get("rolledBack")));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "The ledger's note of the last deployment is not readable", e);
    }
  }

  @Override
  public void write(String tableName, Note note) {
    try {
      var item =
          Map.of(
              "pk", AttributeValue.fromS("TABLE#" + tableName),
              "sk", AttributeValue.fromS("DEPLOYMENT"),
              "deployment", AttributeValue.fromS(note.deployment()),
              "request", AttributeValue.fromS(JSON.writeValueAsString(note.request().properties())),
              "started", AttributeValue.fromS(JSON.writeValueAsString(note.started())),
              "rolledBack", AttributeValue.fromBool(note.rolledBack()));
      client.putItem(put -> put.tableName(ledger).item(item));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private Optional<Map<String, AttributeValue>> item(String pk, String sk) {
    var answer =
        client.getItem(
            get ->
                get.tableName(ledger)
                    .key(Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk)))
                    .consistentRead(true));
    return answer.hasItem() ? Optional.of(answer.item()) : Optional.empty();
  }

  private static String text(Map<String, AttributeValue> item, String name) {
    var value = item.get(name);
    if (value == null || value.s() == null) {
      throw new IllegalStateException("An item of the ledger has no " + name);
    }
    return value.s();
  }
}
