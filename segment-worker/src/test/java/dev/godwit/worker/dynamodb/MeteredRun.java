package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.worker.pace.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * DynamoDB as a meter sees it, of a table whose segments have so many items each, and of the ledger
 * beside it. Reads of the ledger may fail, and may answer what was up to half a second ago.
 */
public final class MeteredRun extends FakeDynamoDb {
  /** How old an answer may be that is not consistent, mostly and at times. */
  private static final Duration USUAL_AGE = Duration.ofMillis(50);

  private static final Duration LONGEST_AGE = Duration.ofMillis(500);

  private final int[] items;
  private final Timer timer;
  private final Random random;
  private final double failingReads;
  private final List<Answered> writes = new ArrayList<>();
  private final TreeMap<Long, String> documents = new TreeMap<>();
  private int rateReads;

  /**
   * @param items of each segment
   * @param failingReads how many reads of the ledger fail, of one
   */
  public MeteredRun(int[] items, double failingReads, Timer timer, Random random) {
    this.items = items.clone();
    this.failingReads = failingReads;
    this.timer = timer;
    this.random = random;
    documents.put(Long.MIN_VALUE, "");
  }

  /** An answer to a write: when, and what it says was consumed. */
  public record Answered(long nanos, double units) {}

  /** The answers to writes, in the order in which they came. */
  public List<Answered> writes() {
    return List.copyOf(writes);
  }

  /** How often the rate document was asked for. */
  public int rateReads() {
    return rateReads;
  }

  /** From now on the rate document has these attributes, as DynamoDB JSON. */
  public void document(String attributes) {
    documents.put(timer.nanos(), attributes);
  }

  @Override
  protected String answer(String operation, JsonNode request) {
    timer.sleep(Duration.ofMillis(3 + random.nextInt(5)));
    String answer =
        switch (operation) {
          case "Scan" -> page(request);
          case "BatchExecuteStatement" -> statements(request.get("Statements").size());
          case "GetItem" -> document();
          case "DescribeTable" ->
              "{\"Table\":{\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}}";
          default -> throw new AssertionError("Nobody should ask for " + operation);
        };
    timer.sleep(Duration.ofMillis(1 + random.nextInt(3)));
    if (operation.equals("BatchExecuteStatement")) {
      writes.add(new Answered(timer.nanos(), request.get("Statements").size()));
    }
    return answer;
  }

  private String document() {
    rateReads++;
    if (random.nextDouble() < failingReads) {
      throw new Refused(500, "{\"__type\":\"InternalServerError\"}");
    }
    var age = random.nextInt(10) == 0 ? LONGEST_AGE : USUAL_AGE;
    long seen = timer.nanos() - (long) (random.nextDouble() * age.toNanos());
    var attributes = documents.floorEntry(seen).getValue();
    return attributes.isEmpty() ? "{}" : "{\"Item\":{" + attributes + "}}";
  }

  private String page(JsonNode request) {
    int segment = request.get("Segment").intValue();
    int from =
        request.has("ExclusiveStartKey")
            ? 1
                + Integer.parseInt(
                    request.at("/ExclusiveStartKey/id/S").textValue().replaceFirst("\\d+-", ""))
            : 0;
    int to = Math.min(items[segment], from + request.get("Limit").intValue());
    return String.format(
        Locale.ROOT,
        "{\"ScannedCount\":%d,\"Items\":[%s]%s,\"ConsumedCapacity\":{\"CapacityUnits\":%s}}",
        to - from,
        IntStream.range(from, to).mapToObj(i -> key(segment, i)).collect(Collectors.joining(",")),
        to < items[segment] ? ",\"LastEvaluatedKey\":" + key(segment, to - 1) : "",
        0.5 * (to - from));
  }

  private static String key(int segment, int number) {
    return "{\"id\":{\"S\":\"" + segment + "-" + number + "\"}}";
  }

  private static String statements(int count) {
    return "{\"Responses\":["
        + IntStream.range(0, count).mapToObj(i -> "{}").collect(Collectors.joining(","))
        + "],\"ConsumedCapacity\":[{\"CapacityUnits\":"
        + count
        + "}]}";
  }
}
