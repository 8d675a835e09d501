package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.worker.pace.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * DynamoDB with a table that takes its time, on a clock of the test's own: items with the key
 * {@code id} and, once they are written, an attribute {@code done}; and a table that takes any put.
 */
public final class SlowDynamoDb extends FakeDynamoDb {
  /** The table's name. */
  public static final String TABLE = "Slow";

  private final Timer timer;
  private final int items;
  private final Set<String> done = new TreeSet<>();
  private final List<String> put = new ArrayList<>();
  private Duration readTakes = Duration.ofMillis(10);
  private Duration writeTakes = Duration.ofMillis(10);
  private double unitsPerWrite = 1;
  private Duration throttled = Duration.ZERO;
  private boolean readsAreThrottled = true;
  private String alwaysThrottled = "";
  private Duration unavailable = Duration.ZERO;

  public SlowDynamoDb(int items, Timer timer) {
    this.items = items;
    this.timer = timer;
  }

  public SlowDynamoDb readTakes(Duration duration) {
    this.readTakes = duration;
    return this;
  }

  public SlowDynamoDb writeTakes(Duration duration) {
    this.writeTakes = duration;
    return this;
  }

  public SlowDynamoDb unitsPerWrite(double units) {
    this.unitsPerWrite = units;
    return this;
  }

  /** Every request is refused until the clock says so much. */
  public SlowDynamoDb throttledUntil(Duration time) {
    this.throttled = time;
    return this;
  }

  /** Each statement is refused until the clock says so much; reads are not. */
  public SlowDynamoDb writesThrottledUntil(Duration time) {
    this.readsAreThrottled = false;
    return throttledUntil(time);
  }

  /** Every request is answered with 503 until the clock says so much. */
  public SlowDynamoDb unavailableUntil(Duration time) {
    this.unavailable = time;
    return this;
  }

  /** The write of this item is refused whenever it comes. */
  public SlowDynamoDb alwaysThrottling(int item) {
    this.alwaysThrottled = id(item);
    return this;
  }

  /** How many items are written. */
  public int done() {
    return done.size();
  }

  /** What was put into other tables, in this order. */
  public List<String> put() {
    return put;
  }

  /** The key of the item numbered {@code number}, from 0. */
  public static String id(int number) {
    return String.format(Locale.ROOT, "%05d", number);
  }

  @Override
  protected String answer(String operation, JsonNode request) {
    timer.sleep(operation.equals("Scan") ? readTakes : writeTakes);
    if (timer.nanos() < unavailable.toNanos()) {
      throw new Refused(
          503, "{\"__type\":\"any#ServiceUnavailable\",\"message\":\"The service is away\"}");
    }
    if (isThrottled() && (readsAreThrottled || operation.equals("BatchWriteItem"))) {
      throw new Refused("ProvisionedThroughputExceededException", "Too fast");
    }
    return switch (operation) {
      case "Scan" -> page(request);
      case "BatchExecuteStatement" -> statements(request.get("Statements"));
      case "UpdateItem" -> update(request.at("/Key/id/S").textValue());
      case "BatchWriteItem" -> puts(request.get("RequestItems"));
      case "DescribeTable" ->
          "{\"Table\":{\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}}";
      default -> throw new AssertionError("Nobody should ask for " + operation);
    };
  }

  private boolean isThrottled() {
    return timer.nanos() < throttled.toNanos();
  }

  private String page(JsonNode request) {
    int from =
        request.has("ExclusiveStartKey")
            ? 1 + Integer.parseInt(request.at("/ExclusiveStartKey/id/S").textValue())
            : 0;
    int to = Math.min(items, from + request.get("Limit").intValue());
    var page =
        IntStream.range(from, to)
            .mapToObj(SlowDynamoDb::id)
            .map(
                id ->
                    "{\"id\":{\"S\":\"%s\"}%s}"
                        .formatted(id, done.contains(id) ? ",\"done\":{\"BOOL\":true}" : ""))
            .collect(Collectors.joining(","));
    return "{\"ScannedCount\":%d,\"Items\":[%s]%s%s}"
        .formatted(
            to - from,
            page,
            to < items ? ",\"LastEvaluatedKey\":{\"id\":{\"S\":\"" + id(to - 1) + "\"}}" : "",
            consumed(TABLE, 0.5 * (to - from)));
  }

  private String statements(JsonNode statements) {
    var answers = new ArrayList<String>();
    int written = 0;
    for (JsonNode statement : statements) {
      var id = statement.get("Parameters").get(1).get("S").textValue();
      if (isThrottled() || id.equals(alwaysThrottled)) {
        answers.add("{\"Error\":{\"Code\":\"ThrottlingError\",\"Message\":\"Too fast\"}}");
      } else {
        answers.add("{\"TableName\":\"Slow\"}");
        done.add(id);
        written++;
      }
    }
    return "{\"Responses\":["
        + String.join(",", answers)
        + "]"
        + consumed(TABLE, written * unitsPerWrite)
        + "}";
  }

  /** One that was throttled is asked for alone, for the reason; here it has none. */
  private String update(String id) {
    if (isThrottled() || id.equals(alwaysThrottled)) {
      throw new Refused("ThrottlingException", "Too fast");
    }
    done.add(id);
    return "{" + consumed(TABLE, unitsPerWrite).substring(1) + "}";
  }

  private String puts(JsonNode tables) {
    int written = 0;
    for (JsonNode table : tables) {
      for (JsonNode request : table) {
        put.add(request.at("/PutRequest/Item/id/S").textValue());
        written++;
      }
    }
    return "{\"UnprocessedItems\":{}"
        + consumed(tables.fieldNames().next(), written * unitsPerWrite)
        + "}";
  }

  private static String consumed(String table, double units) {
    return String.format(
        Locale.ROOT,
        ",\"ConsumedCapacity\":%s",
        units > 0 ? "[{\"TableName\":\"" + table + "\",\"CapacityUnits\":" + units + "}]" : "[]");
  }
}
