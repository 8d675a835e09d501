package dev.godwit.worker.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketTransportTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final AtomicLong millis = new AtomicLong();
  private final SocketTransport transport =
      new SocketTransport(
          SocketFactory.getDefault(),
          () -> (SSLSocketFactory) SSLSocketFactory.getDefault(),
          millis::get);

  @AfterEach
  void close() {
    transport.close();
  }

  private String sent(URI to) throws IOException {
    return sent(transport, to);
  }

  private static String sent(Transport transport, URI to) throws IOException {
    var answer = transport.send(new Post(to, List.of(), "asked".getBytes(UTF_8)), LONG);
    return new String(answer.body(), UTF_8);
  }

  private static final java.nio.charset.Charset UTF_8 = StandardCharsets.UTF_8;

  @Test
  void send_twice_usesOneConnection() throws Exception {
    try (var server = new ScriptedServer((body, out) -> ScriptedServer.answer(out, "yes"))) {
      assertThat(sent(server.http())).isEqualTo("yes");
      assertThat(sent(server.http())).isEqualTo("yes");

      assertThat(server.connections()).isEqualTo(1);
    }
  }

  @Test
  void send_connectionWasIdleTooLong_usesANewOne() throws Exception {
    try (var server = new ScriptedServer((body, out) -> ScriptedServer.answer(out, "yes"))) {
      sent(server.http());
      millis.addAndGet(Duration.ofMinutes(5).toMillis());
      sent(server.http());

      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void send_serverHasClosedTheIdleConnection_usesANewOne() throws Exception {
    try (var server =
        new ScriptedServer(
            (body, out) -> {
              ScriptedServer.answer(out, "yes");
              return false; // without a word
            })) {
      sent(server.http());
      millis.addAndGet(2_000);

      assertThat(sent(server.http())).isEqualTo("yes");
    }
  }

  @Test
  void send_serverSaysThatItCloses_doesNotKeepTheConnection() throws Exception {
    try (var server =
        new ScriptedServer(
            (body, out) -> {
              out.write(
                  "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 3\r\n\r\nyes"
                      .getBytes(UTF_8));
              return false;
            })) {
      assertThat(sent(server.http())).isEqualTo("yes");
      assertThat(sent(server.http())).isEqualTo("yes");
    }
  }

  /** However the answer is cut into chunks and packets, its bytes are the same. */
  @Test
  void send_answerInAnyPieces_isReadWhole() throws Exception {
    var random = new Random(1);
    var expected = new ByteArrayOutputStream();
    try (var server =
        new ScriptedServer(
            (body, out) -> {
              var answer = new byte[random.nextInt(60_000)];
              random.nextBytes(answer);
              expected.reset();
              expected.writeBytes(answer);
              inPieces(framed(answer, random), out, random);
              return true;
            })) {
      for (int round = 0; round < 200; round++) {
        var answer = transport.send(new Post(server.http(), List.of(), new byte[0]), LONG);

        assertThat(answer.body()).as("round %s", round).isEqualTo(expected.toByteArray());
      }
      assertThat(server.connections()).isEqualTo(1);
    }
  }

  private static byte[] framed(byte[] body, Random random) {
    var framed = new ByteArrayOutputStream();
    var end = random.nextInt(3) == 0 ? "\n" : "\r\n";
    framed.writeBytes(
        ("HTTP/1.1 200" + (random.nextBoolean() ? " OK" : " ") + end).getBytes(UTF_8));
    if (random.nextBoolean()) {
      framed.writeBytes(("CONTENT-LENGTH:" + body.length + end + end).getBytes(UTF_8));
      framed.writeBytes(body);
      return framed.toByteArray();
    }
    framed.writeBytes(("Transfer-Encoding: chunked" + end + end).getBytes(UTF_8));
    for (int from = 0; from < body.length; ) {
      int size = Math.min(body.length - from, 1 + random.nextInt(20_000));
      var extension = random.nextBoolean() ? ";a=b" : "";
      framed.writeBytes((Integer.toHexString(size) + extension + end).getBytes(UTF_8));
      framed.write(body, from, size);
      framed.writeBytes(end.getBytes(UTF_8));
      from += size;
    }
    framed.writeBytes(
        ("0" + end + (random.nextBoolean() ? "x-t: 1" + end : "") + end).getBytes(UTF_8));
    return framed.toByteArray();
  }

  private static void inPieces(byte[] bytes, OutputStream out, Random random) throws IOException {
    for (int from = 0; from < bytes.length; ) {
      int size = Math.min(bytes.length - from, 1 + random.nextInt(30_000));
      out.write(bytes, from, size);
      out.flush();
      from += size;
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nonly",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nonly",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2000000000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "SSH-2.0-OpenSSH_9.2\r\n",
        "",
      })
  void send_answerIsNotWhole_isAnError(String answer) throws Exception {
    try (var server =
        new ScriptedServer(
            (body, out) -> {
              out.write(answer.getBytes(UTF_8));
              return false;
            })) {
      assertThatThrownBy(() -> sent(server.http())).isInstanceOf(IOException.class);
    }
  }

  /** What would come next over that connection is nobody's answer. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nyesHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno",
      })
  void send_afterAnAnswerThatIsBroken_usesANewConnection(String broken) throws Exception {
    var isFirst = new AtomicBoolean(true);
    try (var server =
        new ScriptedServer(
            (body, out) -> {
              if (isFirst.getAndSet(false)) {
                out.write(broken.getBytes(UTF_8));
                return true;
              }
              return ScriptedServer.answer(out, "next");
            })) {
      try {
        assertThat(sent(server.http())).isEqualTo("yes");
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("cannot be read");
      }

      assertThat(sent(server.http())).isEqualTo("next");
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void send_noAnswerInTime_givesUp() throws Exception {
    var over = new CountDownLatch(1);
    try (var server = new ScriptedServer((body, out) -> over.await(5, TimeUnit.MINUTES))) {
      assertThatThrownBy(
              () ->
                  transport.send(
                      new Post(server.http(), List.of(), new byte[0]), Duration.ofMillis(50)))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage("nothing came within 50 ms");
    } finally {
      over.countDown();
    }
  }

  /** A blocked write knows no timeout of its own. */
  @Test
  void send_serverDoesNotRead_givesUp() throws Exception {
    var over = new CountDownLatch(1);
    try (var listening = new java.net.ServerSocket(0)) {
      var resetting = new Thread(() -> closeOnce(over, listening));
      resetting.setDaemon(true);
      resetting.start();
      var to = URI.create("http://127.0.0.1:" + listening.getLocalPort());

      assertThatThrownBy(
              () ->
                  transport.send(
                      new Post(to, List.of(), new byte[64 * 1024 * 1024]), Duration.ofMillis(200)))
          .isInstanceOf(SocketTimeoutException.class);
    } finally {
      over.countDown();
    }
  }

  /** Ends a write that nobody has cut off, by a reset. */
  private static void closeOnce(CountDownLatch over, java.net.ServerSocket listening) {
    try {
      over.await(5, TimeUnit.MINUTES);
      listening.close();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void send_afterClose_isAnErrorAndKeepsNothingOpen() throws Exception {
    try (var server = new ScriptedServer((body, out) -> ScriptedServer.answer(out, "yes"))) {
      sent(server.http());
      transport.close();

      assertThatThrownBy(() -> sent(server.http())).isInstanceOf(IOException.class);
      server.awaitNoConnection();
    }
  }

  @Test
  void close_whileARequestIsUnderWay_closesItsConnectionAfterwards() throws Exception {
    var asked = new CountDownLatch(1);
    var closed = new CountDownLatch(1);
    try (var server =
        new ScriptedServer(
            (body, out) -> {
              asked.countDown();
              closed.await(5, TimeUnit.MINUTES);
              return ScriptedServer.answer(out, "yes");
            })) {
      var answer = CompletableFuture.supplyAsync(() -> unchecked(server.http()));
      asked.await(5, TimeUnit.MINUTES);
      transport.close();
      closed.countDown();

      assertThat(answer.join()).isEqualTo("yes");
      server.awaitNoConnection();
    }
  }

  private String unchecked(URI to) {
    try {
      return sent(to);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void send_nobodyListens_isAnError() throws Exception {
    int port;
    try (var listening = new java.net.ServerSocket(0)) {
      port = listening.getLocalPort();
    }

    assertThatThrownBy(() -> sent(URI.create("http://127.0.0.1:" + port)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void send_encrypted_trustsWhomItIsToldToAndHoldsTheServerToItsName(@TempDir Path folder)
      throws Exception {
    var keys = keyStore(folder);
    var context = context(keys);
    try (var server =
            new ScriptedServer(
                context.getServerSocketFactory(),
                (body, out) -> ScriptedServer.answer(out, "secret"));
        var trusting =
            new SocketTransport(
                SocketFactory.getDefault(), context::getSocketFactory, millis::get)) {
      assertThat(sent(trusting, server.https("localhost"))).isEqualTo("secret");
      millis.addAndGet(2_000); // long enough to ask whether the connection is alive
      assertThat(sent(trusting, server.https("localhost"))).isEqualTo("secret");
      assertThat(server.connections()).isEqualTo(1);

      assertThatThrownBy(() -> sent(trusting, server.https("127.0.0.1")))
          .as("a name that is not in the certificate")
          .isInstanceOf(SSLException.class);
      assertThatThrownBy(() -> sent(server.https("localhost")))
          .as("a certificate that the JVM does not trust")
          .isInstanceOf(SSLException.class);
    }
  }

  private static KeyStore keyStore(Path folder) throws Exception {
    var file = folder.resolve("keys.p12");
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-keystore",
                file.toString(),
                "-storepass",
                "changeit",
                "-alias",
                "server")
            .redirectErrorStream(true)
            .start();
    var said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    assertThat(keytool.waitFor()).as(said).isZero();
    var keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    return keys;
  }

  private static SSLContext context(KeyStore keys) throws Exception {
    var own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, "changeit".toCharArray());
    var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(keys);
    var context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trusted.getTrustManagers(), null);
    return context;
  }
}
