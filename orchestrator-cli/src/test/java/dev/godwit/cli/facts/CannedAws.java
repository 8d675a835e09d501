package dev.godwit.cli.facts;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** AWS, as far as its answers were written down: by the operation, or by a request's path. */
public final class CannedAws implements AutoCloseable {
  private final HttpServer server;
  private final Map<String, String> answers = new HashMap<>();
  private final List<String> asked = new ArrayList<>();

  public CannedAws() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::answer);
    server.start();
  }

  /** Answers {@code json} to {@code operation}, or to what is asked at that path. */
  public CannedAws on(String operation, String json) {
    answers.put(operation, json);
    return this;
  }

  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What was asked, in the order of the requests. */
  public List<String> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      var target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      var operation =
          target == null
              ? exchange.getRequestURI().getPath()
              : target.substring(target.indexOf('.') + 1);
      asked.add(operation);
      var json = answers.get(operation);
      var body =
          (json == null
                  ? "{\"__type\":\"com.amazon.coral.service#AccessDeniedException\",\"Message\":\"User: ana is not authorized to perform: "
                      + operation
                      + "\"}"
                  : json)
              .getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
      if (json == null) {
        exchange.getResponseHeaders().add("x-amzn-ErrorType", "AccessDeniedException");
      }
      exchange.sendResponseHeaders(json == null ? 400 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
