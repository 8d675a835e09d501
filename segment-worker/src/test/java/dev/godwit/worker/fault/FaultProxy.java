package dev.godwit.worker.fault;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.godwit.worker.dynamodb.ServiceAnswer;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands before DynamoDB Local and lets faults happen to one request in so many. Whom it happens to
 * is drawn from a seed, as far as requests come in the same order.
 */
final class FaultProxy implements AutoCloseable {
  private static final String CHECKSUM = "x-amz-crc32";
  private static final Set<String> PER_CONNECTION =
      Set.of("connection", "content-length", "expect", "host", "transfer-encoding", "upgrade");

  private final URI target;
  private final List<Fault> faults;
  private final int oneIn;
  private final Random random;
  private final Timer clock;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Map<Fault, Integer> happened = new EnumMap<>(Fault.class);
  private final List<Passed> passed = new CopyOnWriteArrayList<>();

  /** An answer on its way back: when by the worker's clock, to what, and its body. */
  record Passed(long nanos, String operation, String body) {}

  FaultProxy(URI target, List<Fault> faults, int oneIn, long seed) throws IOException {
    this(target, faults, oneIn, seed, new FakeTimer());
  }

  /** A proxy that notes answers by {@code clock}, which is to be the worker's. */
  FaultProxy(URI target, List<Fault> faults, int oneIn, long seed, Timer clock) throws IOException {
    this.target = target;
    this.clock = clock;
    this.faults = List.copyOf(faults);
    this.oneIn = oneIn;
    this.random = new Random(seed);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::pass);
    server.setExecutor(threads);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** What has happened, and how often. */
  Map<Fault, Integer> happened() {
    synchronized (happened) {
      return new EnumMap<>(happened);
    }
  }

  List<Passed> passed() {
    return passed;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void pass(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = exchange.getRequestBody().readAllBytes();
      var header = exchange.getRequestHeaders().getFirst("X-Amz-Target");
      var operation = header.substring(header.indexOf('.') + 1);
      pass(exchange, operation, body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pass(HttpExchange exchange, String operation, byte[] body)
      throws IOException, InterruptedException {
    var fault = fault(operation);
    if (fault == null) {
      answer(exchange, operation, forward(exchange, body));
      return;
    }
    synchronized (happened) {
      happened.merge(fault, 1, Integer::sum);
    }
    switch (fault) {
      case THROTTLED ->
          refuse(exchange, 400, "ProvisionedThroughputExceededException", "Too fast for the table");
      case THROTTLED_BY_INDEX -> answer(exchange, 400, ServiceAnswer.throttledByAnIndex());
      case FAILED -> refuse(exchange, 500, "InternalServerError", "Not done");
      case FAILED_BUT_DONE -> {
        forward(exchange, body);
        refuse(exchange, 500, "InternalServerError", "Done, but who knows");
      }
      case LOST -> forward(exchange, body);
      case BROKEN_OFF -> {
        var answer = forward(exchange, body);
        exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
        exchange.getResponseBody().write(answer.body(), 0, answer.body().length / 2);
        exchange.getResponseBody().flush();
      }
      case SLOW -> {
        var answer = forward(exchange, body);
        TimeUnit.MILLISECONDS.sleep(150);
        answer(exchange, operation, answer);
      }
      case DAMAGED -> {
        var answer = forward(exchange, body);
        if (answer.headers().firstValue(CHECKSUM).isPresent()) { // DynamoDB Local's refusals: none
          answer.body()[answer.body().length / 2] ^= 1;
        }
        answer(exchange, operation, answer);
      }
      case REPEATED_LATER -> {
        answer(exchange, operation, forward(exchange, body));
        TimeUnit.MILLISECONDS.sleep(20);
        forward(exchange, body);
      }
      case LEFT_PARTLY_UNDONE -> {
        var partial = PartialRequest.of(operation, body, random);
        var answer = forward(exchange, partial.request());
        var whole = answer.statusCode() == 200 ? partial.answer(answer.body()) : answer.body();
        passed.add(passed(operation, whole));
        exchange.sendResponseHeaders(answer.statusCode(), whole.length);
        exchange.getResponseBody().write(whole);
      }
    }
  }

  private @Nullable Fault fault(String operation) {
    synchronized (random) {
      if (faults.isEmpty() || random.nextInt(oneIn) > 0 || operation.equals("DescribeTable")) {
        return null;
      }
      var fault = faults.get(random.nextInt(faults.size()));
      return fault == Fault.LEFT_PARTLY_UNDONE && !PartialRequest.isBatch(operation) ? null : fault;
    }
  }

  private HttpResponse<byte[]> forward(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(target).POST(HttpRequest.BodyPublishers.ofByteArray(body));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (!PER_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private void answer(HttpExchange exchange, String operation, HttpResponse<byte[]> answer)
      throws IOException {
    answer
        .headers()
        .map()
        .forEach(
            (name, values) -> {
              if (!PER_CONNECTION.contains(name.toLowerCase(Locale.ROOT))) {
                values.forEach(value -> exchange.getResponseHeaders().add(name, value));
              }
            });
    passed.add(passed(operation, answer.body()));
    exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
    exchange.getResponseBody().write(answer.body());
    exchange.getResponseBody().flush();
  }

  private Passed passed(String operation, byte[] body) {
    return new Passed(clock.nanos(), operation, new String(body, StandardCharsets.UTF_8));
  }

  private static void refuse(HttpExchange exchange, int status, String code, String message)
      throws IOException {
    answer(
        exchange,
        status,
        "{\"__type\":\"com.amazonaws.dynamodb.v20120810#"
            + code
            + "\",\"message\":\""
            + message
            + "\"}");
  }

  private static void answer(HttpExchange exchange, int status, String words) throws IOException {
    var body = words.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }
}
