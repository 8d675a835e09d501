package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.SliceDeadline;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.wire.JsonService;
import dev.godwit.worker.wire.RetriedCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WireDynamoDbTest {
  private static final byte[] REQUEST =
      "{\"TableName\":\"Lòria\",\"Limit\":1}".getBytes(StandardCharsets.UTF_8);
  private static final byte[] ANSWER =
      "{\"Items\":[],\"Count\":0}".getBytes(StandardCharsets.UTF_8);

  private final AtomicInteger requests = new AtomicInteger();
  private HttpServer server;
  private JsonService client;
  private volatile String verdict = "no request";
  private volatile int damagedAnswers;
  private volatile int throttledAnswers;
  private volatile CountDownLatch held = new CountDownLatch(0);

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    client = TestClients.of(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
  }

  @Test
  void call_bodyReplaced_isSignedAsSent() throws Exception {
    var exchange = call();

    assertThat(verdict).isEqualTo("signature holds");
    assertThat(exchange.answer()).isEqualTo(ANSWER);
  }

  @Test
  void call_answerDamagedOnItsWay_isAskedForAgain() throws Exception {
    damagedAnswers = 1;

    assertThat(call().answer()).isEqualTo(ANSWER);
    assertThat(requests).hasValue(2);
  }

  @Test
  void call_everyAnswerDamaged_failsInsteadOfBelievingIt() {
    damagedAnswers = Integer.MAX_VALUE;

    assertThatThrownBy(this::call).hasMessageContaining("checksum");
  }

  @Test
  void call_throttledAtFirst_succeedsAndCountsWhatThrottledIt() throws Exception {
    throttledAnswers = 2;

    var exchange = call();

    assertThat(exchange.answer()).isEqualTo(ANSWER);
    assertThat(exchange.throttles())
        .isEqualTo(Tally.of(Counter.TABLE_THROTTLES, 1).plus(Counter.INDEX_THROTTLES, 1));
  }

  /** What comes when the function has been stopped is of no use to anybody. */
  @Test
  void call_noAnswerForAsLongAsOneMayBeWaitedFor_givesUp() {
    held = new CountDownLatch(1);
    try {
      assertThatThrownBy(() -> call(new SliceDeadline(Duration.ZERO, System::nanoTime, () -> 0)))
          .isInstanceOf(TableUnavailable.class)
          .hasMessageContaining("nothing came within 1000 ms");
    } finally {
      held.countDown();
    }
  }

  private Exchange call() throws WireDynamoDb.Refusal {
    return call(Deadline.NEVER);
  }

  private Exchange call(Deadline deadline) throws WireDynamoDb.Refusal {
    return new WireDynamoDb(client, new RetriedCalls(Timer.SYSTEM, 10, failure -> {}))
        .until(deadline)
        .call(WireDynamoDb.Operation.SCAN, "Birds", REQUEST);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = exchange.getRequestBody().readAllBytes();
    try {
      held.await(5, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    int number = requests.incrementAndGet();
    verdict = verify(exchange, body);
    if (number <= throttledAnswers) {
      var reason =
          number == 1
              ? "IndexWriteProvisionedThroughputExceeded"
              : "TableWriteProvisionedThroughputExceeded";
      var refusal =
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException\",\"ThrottlingReasons\":[{\"reason\":\""
              + reason
              + "\"}]}";
      respond(exchange, 400, refusal.getBytes(StandardCharsets.UTF_8));
      return;
    }
    var crc = new CRC32();
    crc.update(ANSWER);
    exchange.getResponseHeaders().add("x-amz-crc32", Long.toString(crc.getValue()));
    var sent = ANSWER.clone();
    if (number <= damagedAnswers) {
      sent[3] ^= 1;
    }
    respond(exchange, 200, sent);
  }

  private static void respond(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Signature Version 4, worked out anew from what has arrived. */
  private static String verify(HttpExchange exchange, byte[] body) {
    var headers = exchange.getRequestHeaders();
    var authorization =
        Pattern.compile(
                "AWS4-HMAC-SHA256 Credential=local/([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)")
            .matcher(headers.getFirst("Authorization"));
    if (!authorization.matches()) {
      return "not signed: " + headers.getFirst("Authorization");
    }
    try {
      var scope = authorization.group(1);
      var canonical = new StringBuilder("POST\n/\n\n");
      for (String name : authorization.group(2).split(";", -1)) {
        canonical
            .append(name)
            .append(':')
            .append(String.join(",", headers.get(name)).trim())
            .append('\n');
      }
      canonical.append('\n').append(authorization.group(2)).append('\n').append(sha256(body));
      var toSign =
          "AWS4-HMAC-SHA256\n"
              + headers.getFirst("X-Amz-Date")
              + "\n"
              + scope
              + "\n"
              + sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
      var key = "AWS4local".getBytes(StandardCharsets.UTF_8);
      for (String part : scope.split("/", -1)) {
        key = hmac(key, part);
      }
      return HexFormat.of().formatHex(hmac(key, toSign)).equals(authorization.group(3))
          ? "signature holds"
          : "signature does not match the request";
    } catch (Exception e) {
      return e.toString();
    }
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }
}
