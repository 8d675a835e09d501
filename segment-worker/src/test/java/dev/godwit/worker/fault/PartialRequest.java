package dev.godwit.worker.fault;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A batch of which DynamoDB does a part: what to send on, and how to tell of the rest in the
 * answer. Each of its parts stays undone with one chance in three, but never all.
 */
final class PartialRequest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WRITES = "BatchWriteItem";
  private static final String READS = "BatchGetItem";
  private static final String STATEMENTS = "BatchExecuteStatement";

  private final String operation;
  private final ObjectNode request;
  private final List<Boolean> done = new ArrayList<>();
  private final ObjectNode undone = JSON.createObjectNode();

  private PartialRequest(String operation, ObjectNode request) {
    this.operation = operation;
    this.request = request;
  }

  static boolean isBatch(String operation) {
    return operation.equals(WRITES) || operation.equals(READS) || operation.equals(STATEMENTS);
  }

  static PartialRequest of(String operation, byte[] body, Random random) throws IOException {
    var partial = new PartialRequest(operation, (ObjectNode) JSON.readTree(body));
    if (operation.equals(STATEMENTS)) {
      partial.keepSome(
          (ArrayNode) partial.request.get("Statements"), JSON.createArrayNode(), random);
      return partial;
    }
    for (var table : partial.request.get("RequestItems").properties()) {
      if (operation.equals(WRITES)) {
        var left = partial.undone.putArray(table.getKey());
        partial.keepSome((ArrayNode) table.getValue(), left, random);
      } else {
        var left = partial.undone.putObject(table.getKey()).putArray("Keys");
        partial.keepSome((ArrayNode) table.getValue().get("Keys"), left, random);
      }
    }
    return partial;
  }

  byte[] request() throws IOException {
    return JSON.writeValueAsBytes(request);
  }

  /** The answer to {@link #request}, as DynamoDB tells it for the whole. */
  byte[] answer(byte[] body) throws IOException {
    var answer = (ObjectNode) JSON.readTree(body);
    switch (operation) {
      case WRITES -> answer.set("UnprocessedItems", undone);
      case READS -> answer.set("UnprocessedKeys", undone);
      default -> {
        var responses = answer.get("Responses").iterator();
        var all = JSON.createArrayNode();
        for (boolean wasDone : done) {
          if (wasDone) {
            all.add(responses.next());
          } else {
            all.addObject()
                .putObject("Error")
                .put(
                    "Code",
                    all.size() % 2 == 0 ? "ThrottlingError" : "ProvisionedThroughputExceeded")
                .put("Message", "The proxy throttled this statement");
          }
        }
        answer.set("Responses", all);
      }
    }
    return JSON.writeValueAsBytes(answer);
  }

  private void keepSome(ArrayNode parts, ArrayNode left, Random random) {
    var kept = new ArrayList<JsonNode>();
    for (JsonNode part : parts) {
      boolean isDone = kept.isEmpty() || random.nextInt(3) > 0;
      done.add(isDone);
      if (isDone) {
        kept.add(part);
      } else {
        left.add(part);
      }
    }
    parts.removeAll();
    parts.addAll(kept);
  }
}
