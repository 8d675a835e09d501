package dev.godwit.infra.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** AWS over HTTP, as far as a test has answers for it, by the operation asked for. */
final class FakeAws implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Answer(int status, String body) {}

  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final Map<String, String> asked = new ConcurrentHashMap<>();

  FakeAws() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void answer(String operation, String body) {
    answers.put(operation, new Answer(200, body));
  }

  void refuse(String operation, String error) {
    answers.put(operation, new Answer(400, "{\"__type\": \"" + error + "\"}"));
  }

  /** What was asked last of an operation. */
  JsonNode asked(String operation) throws IOException {
    return JSON.readTree(Objects.requireNonNull(asked.get(operation), operation));
  }

  private void handle(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String operation = target == null ? body.replaceFirst("^Action=([^&]*).*", "$1") : target;
    asked.put(operation, body);
    var answer = answers.getOrDefault(operation, new Answer(500, "nothing was said of it"));
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
