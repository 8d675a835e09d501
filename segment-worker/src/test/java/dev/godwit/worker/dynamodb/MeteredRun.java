package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.worker.pace.Timer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

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
  private final TreeMap<Long, String> slowdowns = new TreeMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<Long> throttles = new ArrayList<>();
  private final ArrayDeque<Answered> lastSecond = new ArrayDeque<>();
  private Limit limit = Limit.NONE;
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
    slowdowns.put(Long.MIN_VALUE, "");
  }

  /** An answer to a write: when, and what it says was consumed. */
  public record Answered(long nanos, double units) {}

  /**
   * What the table takes.
   *
   * @param unitsPerSecond of the writes that it concerns
   * @param reason as in {@code IndexWriteProvisionedThroughputExceeded}, given as DynamoDB gives it
   *     (API reference, ThrottlingReason; read 2026-11-26); of statements it gives none
   * @param segment whose writes alone it concerns; -1 for all
   */
  public record Limit(double unitsPerSecond, String reason, int segment) {
    static final Limit NONE = new Limit(Double.POSITIVE_INFINITY, "", -1);

    /** What all writes meet. */
    public static Limit ofAll(double unitsPerSecond, String reason) {
      return new Limit(unitsPerSecond, reason, -1);
    }
  }

  /** A step down that a worker has written: when, to what, for what. */
  public record Step(long nanos, OptionalDouble to, String by) {}

  /** From now on. */
  public void limitTo(Limit other) {
    limit = other;
  }

  /** From now on nothing is throttled. */
  public void limitNothing() {
    limit = Limit.NONE;
  }

  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** When writes were throttled. */
  public List<Long> throttles() {
    return List.copyOf(throttles);
  }

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
          case "BatchExecuteStatement" -> statements(request.get("Statements"));
          case "GetItem" -> document();
          case "UpdateItem" -> update(request);
          case "DescribeTable" ->
              "{\"Table\":{\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}}";
          default -> throw new AssertionError("Nobody should ask for " + operation);
        };
    timer.sleep(Duration.ofMillis(1 + random.nextInt(3)));
    if (operation.equals("BatchExecuteStatement")) {
      int done = answer.split("\\{}", -1).length - 1;
      writes.add(new Answered(timer.nanos(), done));
    } else if (operation.equals("UpdateItem") && !isOfTheLedger(request)) {
      writes.add(new Answered(timer.nanos(), 1));
    }
    return answer;
  }

  private static boolean isOfTheLedger(JsonNode request) {
    return request.get("Key").has("sk");
  }

  private String update(JsonNode request) {
    if (isOfTheLedger(request)) {
      slow(request);
      return "{}";
    }
    var id = request.at("/Key/id/S").textValue();
    if (!isTaken(Integer.parseInt(id.substring(0, id.indexOf('-'))))) {
      throw new Refused(
          400,
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\","
              + "\"message\":\"The level of configured provisioned throughput was exceeded.\","
              + "\"ThrottlingReasons\":[{\"reason\":\""
              + limit.reason
              + "\",\"resource\":\"arn:aws:dynamodb:eu-west-2:123456789012:table/Metered\"}]}");
    }
    return "{\"ConsumedCapacity\":{\"TableName\":\"Metered\",\"CapacityUnits\":1}}";
  }

  /** Whether the table takes one more write now. */
  private boolean isTaken(int segment) {
    if (limit.segment >= 0 && limit.segment != segment) {
      return true;
    }
    long now = timer.nanos();
    while (!lastSecond.isEmpty() && lastSecond.peekFirst().nanos <= now - 1_000_000_000L) {
      lastSecond.removeFirst();
    }
    if (lastSecond.size() + 1 > limit.unitsPerSecond) {
      throttles.add(now);
      return false;
    }
    lastSecond.addLast(new Answered(now, 1));
    return true;
  }

  /** Writes a step down, if it is the next. */
  private void slow(JsonNode request) {
    var values = request.get("ExpressionAttributeValues");
    int seen = Integer.parseInt(values.at("/:seen/N").asText("0"));
    if (seen != steps.size()) {
      throw new Refused("ConditionalCheckFailedException", "The conditional request failed");
    }
    var to = values.at("/:to/N");
    steps.add(
        new Step(
            timer.nanos(),
            to.isMissingNode() ? OptionalDouble.empty() : OptionalDouble.of(to.asDouble()),
            values.at("/:by/S").textValue()));
    var attributes = new ArrayList<String>();
    request
        .get("ExpressionAttributeNames")
        .properties()
        .forEach(
            name -> {
              var value =
                  values.get(
                      name.getKey().equals("#times") ? ":next" : ":" + name.getKey().substring(1));
              if (value != null) {
                attributes.add("\"" + name.getValue().textValue() + "\":" + value);
              }
            });
    slowdowns.put(timer.nanos(), String.join(",", attributes));
  }

  private String document() {
    rateReads++;
    if (random.nextDouble() < failingReads) {
      throw new Refused(500, "{\"__type\":\"InternalServerError\"}");
    }
    var age = random.nextInt(10) == 0 ? LONGEST_AGE : USUAL_AGE;
    long seen = timer.nanos() - (long) (random.nextDouble() * age.toNanos());
    var attributes =
        Stream.of(documents.floorEntry(seen).getValue(), slowdowns.floorEntry(seen).getValue())
            .filter(it -> !it.isEmpty())
            .collect(Collectors.joining(","));
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

  /** Those that are throttled say no more than that (boto/boto3#3834; read 2026-11-25). */
  private String statements(JsonNode asked) {
    var responses = new ArrayList<String>();
    int done = 0;
    for (int i = 0; i < asked.size(); i++) {
      boolean isTaken = limit.unitsPerSecond == Double.POSITIVE_INFINITY || isTaken(limit.segment);
      done += isTaken ? 1 : 0;
      responses.add(
          isTaken
              ? "{}"
              : "{\"Error\":{\"Code\":\"ThrottlingError\",\"Message\":\"Throughput exceeds the"
                  + " current capacity of your table or index.\"}}");
    }
    return "{\"Responses\":["
        + String.join(",", responses)
        + "],\"ConsumedCapacity\":[{\"CapacityUnits\":"
        + done
        + "}]}";
  }
}
