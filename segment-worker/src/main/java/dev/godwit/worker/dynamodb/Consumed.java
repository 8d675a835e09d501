package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * What an answer says was consumed, table by table. A table whose statements all failed is left out
 * of it, though they have cost something (nubo-db/dynoxide, captures M1 and M4 of 2026-08-13; read
 * 2026-11-25).
 *
 * @param units by table; under the empty name, if the answer does not say of which
 */
record Consumed(Map<String, Double> units) {
  static final Consumed NOTHING = new Consumed(Map.of());

  private static final String ANY_TABLE = "";
  private static final String BEFORE_THE_NAME = ":table/";

  /** Reads {@code ConsumedCapacity}: one object, a list of them, or null. */
  static Consumed read(JsonParser parser) throws IOException {
    var units = new HashMap<String, Double>();
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      WireJson.array(
          parser,
          element -> {
            readOne(element, units);
            return "";
          });
    } else if (parser.currentToken() == JsonToken.START_OBJECT) {
      readOne(parser, units);
    }
    return new Consumed(units);
  }

  private static void readOne(JsonParser parser, Map<String, Double> units) throws IOException {
    var table = new String[] {ANY_TABLE};
    var consumed = new double[] {Double.NaN};
    WireJson.object(
        parser,
        (name, value) -> {
          switch (name) {
            case "TableName" -> table[0] = name(value.getText());
            case "CapacityUnits" -> consumed[0] = value.getDoubleValue();
            default -> {}
          }
        });
    if (!Double.isNaN(consumed[0])) {
      units.merge(table[0], consumed[0], Double::sum);
    }
  }

  private static String name(String nameOrArn) {
    int at = nameOrArn.indexOf(BEFORE_THE_NAME);
    return at < 0 ? nameOrArn : nameOrArn.substring(at + BEFORE_THE_NAME.length());
  }

  double total() {
    return units.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Whether what {@code table} has consumed is in it. */
  boolean covers(String table) {
    return units.containsKey(table) || units.containsKey(ANY_TABLE);
  }
}
