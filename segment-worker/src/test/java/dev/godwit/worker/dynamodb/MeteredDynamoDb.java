package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.worker.pace.Timer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * DynamoDB as a meter sees it, behind the SDK and without a network: a table of so many items with
 * the key {@code id}, each of which costs half a unit to be read and one to be written. Each answer
 * takes some time of the test's own clock, and what it says was consumed is noted.
 */
public final class MeteredDynamoDb implements SdkHttpClient {
  private static final double READ = 0.5;
  private static final double WRITE = 1;

  private final int items;
  private final Duration latency;
  private final Timer timer;
  private final ObjectMapper json = new ObjectMapper();
  private final List<Answered> answers = new ArrayList<>();

  public MeteredDynamoDb(int items, Duration latency, Timer timer) {
    this.items = items;
    this.latency = latency;
    this.timer = timer;
  }

  /** An answer: when, to what, and what it says was consumed. */
  public record Answered(long nanos, String operation, double units) {}

  /** The answers to {@code operation}, in the order in which they came. */
  public List<Answered> answers(String operation) {
    return answers.stream().filter(it -> it.operation.equals(operation)).toList();
  }

  public DynamoDbClientBuilder client() {
    return DynamoDbClient.builder()
        .httpClient(this)
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        var target = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElseThrow();
        try (var body = request.contentStreamProvider().orElseThrow().newStream()) {
          return answer(target.substring(target.indexOf('.') + 1), json.readTree(body));
        }
      }

      @Override
      public void abort() {}
    };
  }

  private HttpExecuteResponse answer(String operation, JsonNode request) {
    var answer =
        switch (operation) {
          case "Scan" -> page(request);
          case "BatchGetItem" -> found(request.get("RequestItems").get("Metered").get("Keys"));
          case "BatchExecuteStatement" -> statements(request.get("Statements").size());
          case "BatchWriteItem" ->
              new Metered(
                  "\"UnprocessedItems\":{}",
                  WRITE * request.get("RequestItems").get("Metered").size());
          case "DescribeTable" ->
              new Metered(
                  "\"Table\":{\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}", 0);
          default -> throw new AssertionError("Nobody should ask for " + operation);
        };
    timer.sleep(latency);
    answers.add(new Answered(timer.nanos(), operation, answer.units));
    var bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(200)
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("Content-Length", Integer.toString(bytes.length))
                .build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
        .build();
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
        to < items ? fields + ",\"LastEvaluatedKey\":" + key(to - 1) : fields, READ * (to - from));
  }

  private static Metered found(JsonNode keys) {
    return new Metered("\"Responses\":{\"Metered\":" + keys + "}", READ * keys.size());
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

  @Override
  public void close() {}
}
