package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;

/** DynamoDB with a table of one item, which takes every write and keeps its body for the test. */
public final class OneItemDynamoDb extends FakeDynamoDb {
  private final String item;
  private final Map<String, JsonNode> written = new LinkedHashMap<>();

  public OneItemDynamoDb(String item) {
    this.item = item;
  }

  /** What was asked for besides reads: operation to the body of its last request. */
  public Map<String, JsonNode> written() {
    return written;
  }

  @Override
  protected String answer(String operation, JsonNode request) {
    if (operation.equals("Scan")) {
      return "{\"ScannedCount\":1,\"Items\":[" + item + "]}";
    }
    written.put(operation, request);
    return operation.equals("BatchExecuteStatement") ? "{\"Responses\":[{}]}" : "{}";
  }
}
