package dev.godwit.worker.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A server that answers DynamoDB's calls on the table Birds with canned bytes, in a process of its
 * own, so that what is measured is the client. Pages of about 1 MB of small items; writes succeed,
 * as far as the table's units last; each answer takes a fixed time, as over a network.
 *
 * <p>What is asked of other tables, the ledger, goes to a DynamoDB Local behind it.
 */
final class CannedTable {
  static final char[] PASSWORD = "changeit".toCharArray();

  private static final int ITEMS_PER_PAGE = 5000;
  private static final Pattern START =
      Pattern.compile("\"ExclusiveStartKey\":\\{\"id\":\\{\"S\":\"(\\d+)\"");
  private static final Pattern SEGMENT = Pattern.compile("\"Segment\":(\\d+)");
  private static final Pattern SEGMENTS = Pattern.compile("\"TotalSegments\":(\\d+)");
  private static final Pattern STATEMENT = Pattern.compile("\"Statement\":");
  private static final String DONE = "{\"TableName\":\"Birds\"}";

  /** Of one statement: API reference, BatchStatementError; read 2026-11-25. */
  private static final String THROTTLED =
      "{\"TableName\":\"Birds\",\"Error\":{\"Code\":\"ProvisionedThroughputExceeded\",\"Message\":\"\"}}";

  private final int items;
  private final long latencyMillis;
  private final long scanLatencyMillis;
  private final Bucket bucket;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong attempts = new AtomicLong();
  private final URI others;
  private final HttpClient client = HttpClient.newHttpClient();

  private CannedTable(Map<String, String> options, URI others) {
    this.items = Integer.parseInt(options.getOrDefault("items", "100000"));
    this.latencyMillis = Long.parseLong(options.getOrDefault("latency", "5"));
    this.scanLatencyMillis =
        Long.parseLong(options.getOrDefault("scan-latency", Long.toString(latencyMillis)));
    this.bucket = new Bucket(Double.parseDouble(options.getOrDefault("units", "Infinity")));
    this.others = others;
  }

  /** A second's units at most, and as many more in each second. */
  private static final class Bucket {
    private final double unitsPerSecond;
    private double units;
    private long filledAt = System.nanoTime();

    Bucket(double unitsPerSecond) {
      this.unitsPerSecond = unitsPerSecond;
      this.units = unitsPerSecond;
    }

    /** How many of {@code wanted} writes there are units for. */
    synchronized long take(long wanted) {
      if (Double.isInfinite(unitsPerSecond)) {
        return wanted;
      }
      long now = System.nanoTime();
      units = Math.min(unitsPerSecond, units + (now - filledAt) / 1e9 * unitsPerSecond);
      filledAt = now;
      long taken = Math.min(wanted, (long) units);
      units -= taken;
      return taken;
    }
  }

  /**
   * Arguments, all of them optional: {@code items=100000}; {@code latency=5} and {@code
   * scan-latency=5}, milliseconds that an answer takes; {@code units=1000}, write units a second;
   * {@code key=FILE}, a PKCS #12 store, for TLS. Prints its port and serves until killed.
   */
  public static void main(String[] arguments) throws IOException, GeneralSecurityException {
    var options =
        Arrays.stream(arguments)
            .map(argument -> argument.split("=", 2))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
    var local = LocalDynamoDb.inMemory();
    local.createTable("Birds", "id");
    var table = new CannedTable(options, local.endpoint());
    var server = server(options.get("key"));
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", table::answer);
    server.createContext("/counts", table::tellCounts);
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  private static HttpServer server(@Nullable String key)
      throws IOException, GeneralSecurityException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    if (key == null) {
      return HttpServer.create(address, 0);
    }
    var keys = KeyStore.getInstance("PKCS12");
    try (var file = Files.newInputStream(Path.of(key))) {
      keys.load(file, PASSWORD);
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    var server = HttpsServer.create(address, 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return server;
  }

  /** Requests, and writes that were tried, since the last time that this was asked. */
  private void tellCounts(HttpExchange exchange) throws IOException {
    answer(exchange, 200, requests.getAndSet(0) + " " + attempts.getAndSet(0));
  }

  private void answer(HttpExchange exchange) throws IOException {
    var request = exchange.getRequestBody().readAllBytes();
    var body = new String(request, StandardCharsets.UTF_8);
    var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    var operation = target.substring(target.indexOf('.') + 1);
    boolean scans = operation.equals("Scan") && body.contains("\"Birds\"");
    boolean writes =
        operation.equals("BatchExecuteStatement")
            || operation.equals("BatchWriteItem")
            || ((operation.equals("PutItem") || operation.equals("UpdateItem"))
                && body.contains("\"Birds\""));
    if (!scans && !writes) {
      var answer = otherwise(target, request);
      answer(exchange, answer.statusCode(), answer.body());
      return;
    }
    requests.incrementAndGet();
    pause(scans ? scanLatencyMillis : latencyMillis);
    if (operation.equals("UpdateItem")) {
      answerUpdate(exchange);
      return;
    }
    answer(
        exchange,
        200,
        switch (operation) {
          case "Scan" -> page(body);
          case "BatchExecuteStatement" -> statements(body);
          case "BatchWriteItem" -> "{\"UnprocessedItems\":{}}";
          default -> "{}";
        });
  }

  /** One write; the worker asks that way why others were throttled. */
  private void answerUpdate(HttpExchange exchange) throws IOException {
    attempts.incrementAndGet();
    boolean isDone = bucket.take(1) == 1;
    answer(
        exchange,
        isDone ? 200 : 400,
        isDone
            ? "{\"ConsumedCapacity\":{\"TableName\":\"Birds\",\"CapacityUnits\":1.0}}"
            : "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\",\"message\":\"\"}");
  }

  private static void answer(HttpExchange exchange, int status, String answer) throws IOException {
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    exchange.getResponseHeaders().add("x-amz-crc32", crc32(bytes)); // as DynamoDB has it
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String crc32(byte[] bytes) {
    var crc = new CRC32();
    crc.update(bytes);
    return Long.toString(crc.getValue());
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What DynamoDB Local answers. */
  private HttpResponse<String> otherwise(String target, byte[] body) throws IOException {
    var request =
        HttpRequest.newBuilder(others)
            .header("X-Amz-Target", target)
            .header("Content-Type", "application/x-amz-json-1.0")
            .header(
                "Authorization",
                "AWS4-HMAC-SHA256 Credential=local/20261120/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  private static int number(Pattern pattern, String request, int otherwise) {
    var found = pattern.matcher(request);
    return found.find() ? Integer.parseInt(found.group(1)) : otherwise;
  }

  private String page(String request) {
    long segment = number(SEGMENT, request, 0);
    long segments = number(SEGMENTS, request, 1);
    int last = (int) ((segment + 1) * items / segments);
    int from = number(START, request, (int) (segment * items / segments) - 1) + 1;
    int to = Math.min(last, from + ITEMS_PER_PAGE);
    var page = new StringBuilder("{\"Items\":[");
    for (int i = from; i < to; i++) {
      page.append(i == from ? "" : ",")
          .append("{\"id\":{\"S\":\"")
          .append(i)
          .append("\"},\"country\":{\"S\":\"NZ\"},\"name\":{\"S\":\"Pūkorokoro Miranda ")
          .append(i)
          .append("\"},\"lat\":{\"S\":\"-37.1")
          .append(i)
          .append("\"},\"lng\":{\"S\":\"175.3")
          .append(i)
          .append("\"},\"visits\":{\"N\":\"")
          .append(i)
          .append("\"},\"tags\":{\"SS\":[\"wader\",\"kuaka\"]}}");
    }
    page.append("],\"Count\":").append(to - from).append(",\"ScannedCount\":").append(to - from);
    if (to < last) {
      page.append(",\"LastEvaluatedKey\":{\"id\":{\"S\":\"").append(to - 1).append("\"}}");
    }
    return page.append(",\"ConsumedCapacity\":{\"TableName\":\"Birds\",\"CapacityUnits\":128.0}}")
        .toString();
  }

  private String statements(String request) {
    long count = STATEMENT.matcher(request).results().count();
    attempts.addAndGet(count);
    long done = bucket.take(count);
    var responses =
        (DONE + ",").repeat((int) done) + (THROTTLED + ",").repeat((int) (count - done));
    return "{\"Responses\":["
        + responses.substring(0, responses.length() - 1)
        + "],\"ConsumedCapacity\":[{\"TableName\":\"Birds\",\"CapacityUnits\":"
        + done
        + ".0}]}";
  }
}
