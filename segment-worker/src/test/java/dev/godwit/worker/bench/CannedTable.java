package dev.godwit.worker.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * A server that answers DynamoDB's calls with canned bytes, in a process of its own, so that what
 * is measured is the client. Pages of about 1 MB of small items; every write succeeds; each answer
 * takes a fixed time, as over a network.
 */
final class CannedTable {
  private static final int ITEMS_PER_PAGE = 5000;
  private static final Pattern START =
      Pattern.compile("\"ExclusiveStartKey\":\\{\"id\":\\{\"S\":\"(\\d+)\"");
  private static final Pattern STATEMENT = Pattern.compile("\"Statement\":");

  private final int items;
  private final long latencyMillis;
  private final AtomicLong requests = new AtomicLong();

  private CannedTable(int items, long latencyMillis) {
    this.items = items;
    this.latencyMillis = latencyMillis;
  }

  /**
   * Arguments: how many items, how many milliseconds an answer takes. Prints its port and serves
   * until killed.
   */
  public static void main(String[] arguments) throws IOException {
    var table = new CannedTable(Integer.parseInt(arguments[0]), Long.parseLong(arguments[1]));
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", table::answer);
    server.createContext("/requests", table::tellRequests);
    server.start();
    System.out.println(server.getAddress().getPort());
  }

  /** How many requests there were since the last time that this was asked. */
  private void tellRequests(HttpExchange exchange) throws IOException {
    var count = Long.toString(requests.getAndSet(0)).getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, count.length);
    exchange.getResponseBody().write(count);
    exchange.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.incrementAndGet();
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    var answer =
        switch (target.substring(target.indexOf('.') + 1)) {
          case "Scan" -> page(body);
          case "BatchExecuteStatement" -> statements(body);
          case "BatchWriteItem" -> "{\"UnprocessedItems\":{}}";
          default -> "{}";
        };
    var bytes = answer.getBytes(StandardCharsets.UTF_8);
    try {
      Thread.sleep(latencyMillis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private String page(String request) {
    var start = START.matcher(request);
    int from = start.find() ? Integer.parseInt(start.group(1)) + 1 : 0;
    int to = Math.min(items, from + ITEMS_PER_PAGE);
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
    if (to < items) {
      page.append(",\"LastEvaluatedKey\":{\"id\":{\"S\":\"").append(to - 1).append("\"}}");
    }
    return page.append(",\"ConsumedCapacity\":{\"TableName\":\"Birds\",\"CapacityUnits\":128.0}}")
        .toString();
  }

  private static String statements(String request) {
    long count = STATEMENT.matcher(request).results().count();
    return "{\"Responses\":["
        + "{\"TableName\":\"Birds\"},".repeat((int) count - 1)
        + "{\"TableName\":\"Birds\"}],"
        + "\"ConsumedCapacity\":[{\"TableName\":\"Birds\",\"CapacityUnits\":"
        + count
        + ".0}]}";
  }
}
