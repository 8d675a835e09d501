package dev.godwit.lambdalocal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Lambda's Runtime API for one environment: hands out invocations, takes answers and errors, and
 * holds a snapshot's restore until {@link #restore()}.
 */
final class FakeRuntimeApi implements AutoCloseable {
  private final String function;
  private final HttpServer server;
  private final BlockingQueue<Invocation> invocations = new LinkedBlockingQueue<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
  private final CountDownLatch initialized = new CountDownLatch(1);
  private final CountDownLatch restored = new CountDownLatch(1);

  private record Invocation(String event, Duration timeout) {}

  /**
   * @param function the function's name
   */
  FakeRuntimeApi(String function) throws IOException {
    this.function = function;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/2018-06-01/runtime/restore/next", this::restoreNext);
    server.createContext("/2018-06-01/runtime/invocation/next", this::invocationNext);
    server.createContext("/2018-06-01/runtime/invocation/", this::answered);
    server.createContext("/2018-06-01/runtime/init/error", this::answered);
    server.createContext("/2018-06-01/runtime/restore/error", this::answered);
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Waits until the function is initialized: until it has run its hooks and could be snapshotted,
   * or, where there is no snapshot, until it asks for its first invocation.
   */
  boolean awaitInitialized(Duration atMost) throws InterruptedException {
    return initialized.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  void restore() {
    restored.countDown();
  }

  /** Invokes the function and waits for what it answers. */
  Answer invoke(String event, Duration timeout) throws InterruptedException {
    invocations.add(new Invocation(event, timeout));
    var answer = answers.poll(timeout.plusSeconds(60).toMillis(), TimeUnit.MILLISECONDS);
    if (answer == null) {
      throw new AssertionError("The function did not answer");
    }
    return answer;
  }

  private void restoreNext(HttpExchange exchange) throws IOException {
    initialized.countDown();
    await(restored);
    respond(exchange, 200, "");
  }

  private void invocationNext(HttpExchange exchange) throws IOException {
    initialized.countDown();
    Invocation next;
    try {
      next = invocations.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      exchange.close();
      return;
    }
    var headers = exchange.getResponseHeaders();
    headers.add("Lambda-Runtime-Aws-Request-Id", UUID.randomUUID().toString());
    headers.add(
        "Lambda-Runtime-Deadline-Ms",
        Long.toString(Instant.now().plus(next.timeout).toEpochMilli()));
    headers.add(
        "Lambda-Runtime-Invoked-Function-Arn",
        "arn:aws:lambda:us-east-1:123456789012:function:" + function);
    headers.add("Content-Type", "application/json");
    respond(exchange, 200, next.event);
  }

  private void answered(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var type = exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-Error-Type");
    boolean isError = exchange.getRequestURI().getPath().endsWith("/error");
    respond(exchange, 202, "");
    answers.add(new Answer(isError, type == null ? "" : type, body));
  }

  private static void respond(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
