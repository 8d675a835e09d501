package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.worker.pace.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.IntToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * DynamoDB as a meter sees it: a table of so many items with the key {@code id}, each of which
 * costs half a unit to be read and one to be written, unless told; and an index {@link #INDEX} of
 * them that has only their keys. Each answer takes some time of the test's own clock, and what it
 * says was consumed is noted.
 */
public final class MeteredDynamoDb extends FakeDynamoDb {
  public static final String INDEX = "few";

  private static final Set<String> READS = Set.of("Scan", "Query", "BatchGetItem");

  private static final double READ = 0.5;
  private static final double READ_IN_INDEX = 1 / 64.0;
  private static final double WRITE = 1;

  private static final String KEY_SCHEMA =
      "\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]";

  private final int items;
  private final Duration latency;
  private final Timer timer;
  private final List<Answered> answers = new ArrayList<>();
  private IntToDoubleFunction unitsByKey = number -> READ;

  public MeteredDynamoDb(int items, Duration latency, Timer timer) {
    this.items = items;
    this.latency = latency;
    this.timer = timer;
  }

  /** Lets the item {@code id} cost {@code units} of it when it is read by its key. */
  public MeteredDynamoDb readByKeyFor(IntToDoubleFunction units) {
    this.unitsByKey = units;
    return this;
  }

  /** The answers to reads, in the order in which they came. */
  public List<Answered> reads() {
    return answers.stream().filter(it -> READS.contains(it.operation)).toList();
  }

  /** An answer: when, to what, and what it says was consumed. */
  public record Answered(long nanos, String operation, double units) {}

  /** The answers to {@code operation}, in the order in which they came. */
  public List<Answered> answers(String operation) {
    return answers.stream().filter(it -> it.operation.equals(operation)).toList();
  }

  @Override
  protected String answer(String operation, JsonNode request) {
    var answer =
        switch (operation) {
          case "Scan" -> page(request);
          case "Query" -> partition(request.at("/ExpressionAttributeValues/:godwitPartition"));
          case "BatchGetItem" -> found(request.get("RequestItems").get("Metered").get("Keys"));
          case "BatchExecuteStatement" -> statements(request.get("Statements").size());
          case "BatchWriteItem" ->
              new Metered(
                  "\"UnprocessedItems\":{}",
                  WRITE * request.get("RequestItems").get("Metered").size());
          case "DescribeTable" ->
              new Metered(
                  "\"Table\":{"
                      + KEY_SCHEMA
                      + ",\"GlobalSecondaryIndexes\":[{\"IndexName\":\""
                      + INDEX
                      + "\",\"Projection\":{\"ProjectionType\":\"KEYS_ONLY\"},"
                      + KEY_SCHEMA
                      + "}]}",
                  0);
          default -> throw new AssertionError("Nobody should ask for " + operation);
        };
    timer.sleep(latency);
    answers.add(new Answered(timer.nanos(), operation, answer.units));
    return answer.body();
  }

  private Metered page(JsonNode request) {
    int from =
        request.has("ExclusiveStartKey")
            ? 1 + Integer.parseInt(request.at("/ExclusiveStartKey/id/S").textValue())
            : 0;
    int to = Math.min(items, from + request.get("Limit").intValue());
    var fields =
        "\"ScannedCount\":"
            + (to - from)
            + ",\"Items\":["
            + IntStream.range(from, to)
                .mapToObj(MeteredDynamoDb::key)
                .collect(Collectors.joining(","))
            + "]";
    return new Metered(
        to < items ? fields + ",\"LastEvaluatedKey\":" + key(to - 1) : fields,
        (request.has("IndexName") ? READ_IN_INDEX : READ) * (to - from));
  }

  private static Metered partition(JsonNode key) {
    return new Metered("\"ScannedCount\":1,\"Items\":[{\"id\":" + key + "}]", READ);
  }

  private Metered found(JsonNode keys) {
    double units = 0;
    for (JsonNode key : keys) {
      units += unitsByKey.applyAsDouble(Integer.parseInt(key.at("/id/S").textValue()));
    }
    return new Metered("\"UnprocessedKeys\":{},\"Responses\":{\"Metered\":" + keys + "}", units);
  }

  private static Metered statements(int count) {
    return new Metered(
        "\"Responses\":["
            + IntStream.range(0, count).mapToObj(i -> "{}").collect(Collectors.joining(","))
            + "]",
        WRITE * count);
  }

  private static String key(int number) {
    return "{\"id\":{\"S\":\"" + number + "\"}}";
  }

  private record Metered(String fields, double units) {
    String body() {
      return String.format(
          Locale.ROOT, "{%s,\"ConsumedCapacity\":[{\"CapacityUnits\":%s}]}", fields, units);
    }
  }
}
