package dev.godwit.cli.demo;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * How long DynamoDB Local takes for the writes of the demo when nothing else is done: requests that
 * were put together before, over plain sockets, whose answers nobody reads but for whether they are
 * good. Run by {@code scripts/bench}, not by the tests.
 */
final class DemoFloor {
  private static final int BATCH = 25;
  private static final int CONNECTIONS = 8;
  private static final String TIME = "2026-11-20T00:00:00Z";
  private static final String HEAD_END = "\r\n\r\n";
  private static final String LENGTH = "content-length:";

  private DemoFloor() {}

  /** Argument: how many items. Prints one line of figures. */
  public static void main(String[] arguments) {
    int items = Integer.parseInt(arguments[0]);
    try (var dynamoDb = LocalDynamoDb.inMemory()) {
      var source = new GeneratedItems(items);
      dynamoDb.createTable("Demo", source.keys());
      var all = source.items().map(ItemSource.Numbered::item).toList();
      int port = dynamoDb.endpoint().getPort();
      send(requests("BatchWriteItem", all, DemoFloor::puts), port);
      double seconds = send(requests("BatchExecuteStatement", all, DemoFloor::updates), port);
      System.out.printf(
          Locale.ROOT,
          "%-10s items=%d wall_s=%.1f items_per_s=%.0f%n",
          "demo-floor",
          items,
          seconds,
          items / seconds);
    }
  }

  private static String puts(List<Item> items) {
    return items.stream()
        .map(item -> "{\"PutRequest\":{\"Item\":" + DynamoDbJson.format(item) + "}}")
        .collect(Collectors.joining(",", "{\"RequestItems\":{\"Demo\":[", "]}}"));
  }

  /** As the worker writes what 20261120-updated-at changes. */
  private static String updates(List<Item> items) {
    return items.stream()
        .map(DemoFloor::update)
        .collect(
            Collectors.joining(
                ",", "{\"ReturnConsumedCapacity\":\"TOTAL\",\"Statements\":[", "]}"));
  }

  private static String update(Item item) {
    return """
    {"Statement":"UPDATE \\"Demo\\" SET \\"updatedAt\\"=? WHERE \\"observer\\"=? AND \\"id\\"=? AND \\"updatedAt\\" IS MISSING",\
    "Parameters":[{"S":"%s"},{"S":"%s"},{"S":"%s"}],"ReturnValuesOnConditionCheckFailure":"ALL_OLD"}"""
        .formatted(TIME, item.string("observer"), item.string("id"));
  }

  /** Makes the body of a request of its items. */
  @FunctionalInterface
  private interface Body {
    String of(List<Item> items);
  }

  private static List<byte[]> requests(String operation, List<Item> items, Body body) {
    var requests = new ArrayList<byte[]>();
    for (int from = 0; from < items.size(); from += BATCH) {
      var some = items.subList(from, Math.min(items.size(), from + BATCH));
      var bytes = body.of(some).getBytes(StandardCharsets.UTF_8);
      var request = new ByteArrayOutputStream();
      request.writeBytes(
          """
          POST / HTTP/1.1
          host: 127.0.0.1
          content-type: application/x-amz-json-1.0
          x-amz-target: DynamoDB_20120810.%s
          x-amz-date: 20261120T000000Z
          authorization: AWS4-HMAC-SHA256 Credential=local/20261120/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0
          content-length: %d

          """
              .formatted(operation, bytes.length)
              .replace("\n", "\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      request.writeBytes(bytes);
      requests.add(request.toByteArray());
    }
    return requests;
  }

  /**
   * Sends {@code requests}, eight at a time.
   *
   * @return how long that took, in seconds
   */
  private static double send(List<byte[]> requests, int port) {
    var next = new AtomicInteger();
    var threads = Executors.newFixedThreadPool(CONNECTIONS);
    long began = System.nanoTime();
    try {
      var connections = new ArrayList<CompletableFuture<Void>>();
      for (int i = 0; i < CONNECTIONS; i++) {
        connections.add(
            CompletableFuture.runAsync(() -> exchangeAll(requests, next, port), threads));
      }
      connections.forEach(CompletableFuture::join);
    } finally {
      threads.shutdown();
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private static void exchangeAll(List<byte[]> requests, AtomicInteger next, int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      for (int i = next.getAndIncrement(); i < requests.size(); i = next.getAndIncrement()) {
        socket.getOutputStream().write(requests.get(i));
        checkAnswer(socket.getInputStream());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void checkAnswer(InputStream in) throws IOException {
    var buffer = new byte[64 * 1024];
    var answer = "";
    do {
      int read = in.read(buffer);
      if (read < 0) {
        throw new EOFException("The server closed the connection");
      }
      answer += new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
    } while (!isWhole(answer));
    if (!answer.startsWith("HTTP/1.1 200 ") || answer.contains("\"Error\"")) {
      throw new IOException("The server refused: " + answer);
    }
  }

  private static boolean isWhole(String answer) {
    int body = answer.indexOf(HEAD_END) + HEAD_END.length();
    if (body < HEAD_END.length()) {
      return false;
    }
    var head = answer.substring(0, body).toLowerCase(Locale.ROOT);
    int from = head.indexOf(LENGTH) + LENGTH.length();
    int length = Integer.parseInt(head.substring(from, head.indexOf('\r', from)).trim());
    return answer.length() >= body + length;
  }
}
