package dev.godwit.cli.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A DynamoDB that makes exports, which a DynamoDB Local does not know: what is asked of them is
 * answered here, as the service answers; all else goes on to a DynamoDB Local.
 */
public final class ExportingDynamoDb implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> HOP = List.of("connection", "host", "content-length");

  private final LocalDynamoDb local;
  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();

  /** By their tokens, as the service knows them. */
  private final Map<String, JsonNode> exports = new ConcurrentHashMap<>();

  /** What was asked to begin exports, in order. */
  public final List<JsonNode> asked = new ArrayList<>();

  /** What DescribeExport answers next; the last one stays. */
  private final Deque<String> states = new ArrayDeque<>(List.of("IN_PROGRESS"));

  private Optional<String> refusal = Optional.empty();
  private boolean losesAnswers;

  public ExportingDynamoDb(LocalDynamoDb local) {
    this.local = local;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What becomes of exports: COMPLETED, IN_PROGRESS, BUSY, FORGOTTEN, or FAILED and its code. */
  public void then(String... next) {
    states.clear();
    states.addAll(List.of(next));
  }

  /** Exports are refused from now on, or taken. */
  void refuse(Optional<String> error) {
    refusal = error;
  }

  /** Whether exports are begun, and nobody is told. */
  void loseAnswers(boolean lost) {
    losesAnswers = lost;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
      switch (target.substring(target.indexOf('.') + 1)) {
        case "ExportTableToPointInTime" -> begin(exchange, JSON.readTree(body));
        case "DescribeExport" -> describe(exchange, JSON.readTree(body));
        default -> pass(exchange, body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void begin(HttpExchange exchange, JsonNode request) throws IOException {
    synchronized (asked) {
      asked.add(request);
    }
    if (refusal.isPresent()) {
      send(
          exchange,
          400,
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"as AWS says it\"}"
              .formatted(refusal.get()));
      return;
    }
    exports.putIfAbsent(request.get("ClientToken").asText(), request);
    if (losesAnswers) {
      send(exchange, 500, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#InternalServerError\"}");
      return;
    }
    send(exchange, 200, description(request, "IN_PROGRESS"));
  }

  private void describe(HttpExchange exchange, JsonNode request) throws IOException {
    var state = states.size() > 1 ? states.remove() : states.element();
    if (state.equals("BUSY")) {
      send(exchange, 400, "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ThrottlingException\"}");
      return;
    }
    if (state.equals("FORGOTTEN")) {
      send(
          exchange,
          400,
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ExportNotFoundException\"}");
      return;
    }
    var arn = request.get("ExportArn").asText();
    send(
        exchange,
        200,
        description(
            exports.values().stream().filter(it -> arn(it).equals(arn)).findAny().orElseThrow(),
            state));
  }

  private static String arn(JsonNode request) {
    return request.get("TableArn").asText()
        + "/export/0169-"
        + request.get("ClientToken").asText().substring(0, 8);
  }

  private static String description(JsonNode request, String state) {
    boolean there = state.equals("COMPLETED");
    var arn = arn(request);
    return """
        {"ExportDescription":{"ExportArn":"%s","ExportStatus":"%s","ExportFormat":"%s","S3Bucket":"%s",
        "ClientToken":"%s","ExportTime":1.7643e9,"StartTime":1.7643e9%s%s}}"""
        .formatted(
            arn,
            state.split(" ", 2)[0],
            request.get("ExportFormat").asText(),
            request.get("S3Bucket").asText(),
            request.get("ClientToken").asText(),
            there
                ? ",\"EndTime\":1795694400,\"ItemCount\":1000,\"BilledSizeBytes\":52000,\"ExportManifest\":\"exports/AWSDynamoDB/%s/manifest-summary.json\""
                    .formatted(arn.substring(arn.lastIndexOf('/') + 1))
                : "",
            state.startsWith("FAILED ")
                ? ",\"FailureCode\":\"%s\",\"FailureMessage\":\"as AWS says it\""
                    .formatted(state.substring("FAILED ".length()))
                : "");
  }

  private void pass(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(local.endpoint()).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!HOP.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    var answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    answer
        .headers()
        .firstValue("x-amz-crc32")
        .ifPresent(crc -> exchange.getResponseHeaders().add("x-amz-crc32", crc));
    exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
