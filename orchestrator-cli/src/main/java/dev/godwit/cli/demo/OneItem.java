package dev.godwit.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.cli.table.ServiceCalls;
import dev.godwit.migration.DynamoDbJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** One item of the demo's table, to be shown as it was and as it is. */
final class OneItem {
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  private final ServiceCalls wire;
  private final byte[] request;

  OneItem(ServiceCalls wire, String table, List<String> keys, ItemSource source) {
    this.wire = wire;
    try (var items = source.items()) {
      var first = items.findFirst().orElseThrow().item();
      var get = JsonNodeFactory.instance.objectNode().put("TableName", table);
      get.set("Key", JSON.readTree(DynamoDbJson.format(first.only(keys))));
      this.request = JSON.writeValueAsBytes(get);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As it is now, in DynamoDB JSON, its attributes by name. */
  String now() {
    try {
      JsonNode item = JSON.readTree(wire.call("GetItem", request)).path("Item");
      var sorted = JsonNodeFactory.instance.objectNode();
      item.properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(attribute -> sorted.set(attribute.getKey(), attribute.getValue()));
      return item.isMissingNode() ? "(there is none)" : sorted.toString();
    } catch (IOException e) {
      throw new UncheckedIOException("DynamoDB's answer is not JSON", e);
    }
  }
}
