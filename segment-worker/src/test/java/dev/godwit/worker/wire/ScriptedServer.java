package dev.godwit.worker.wire;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ServerSocketFactory;
import org.awaitility.Awaitility;
import org.hamcrest.Matchers;

/** A server that reads HTTP requests and lets the test write the answers, byte for byte. */
final class ScriptedServer implements AutoCloseable {
  private final ServerSocket listening;
  private final Script script;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();

  /** Writes the answer to one request. */
  @FunctionalInterface
  interface Script {
    /**
     * @param body of the request
     * @return whether the connection is kept
     */
    boolean answer(byte[] body, OutputStream out) throws Exception;
  }

  ScriptedServer(Script script) throws IOException {
    this(ServerSocketFactory.getDefault(), script);
  }

  ScriptedServer(ServerSocketFactory sockets, Script script) throws IOException {
    this.listening = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    this.script = script;
    start(
        () -> {
          while (true) {
            var socket = listening.accept();
            connections.incrementAndGet();
            start(() -> serve(socket));
          }
        });
  }

  /** What a thread does until its socket is closed. */
  private interface Serving {
    void run() throws Exception;
  }

  private static void start(Serving serving) {
    var thread =
        new Thread(
            () -> {
              try {
                serving.run();
              } catch (Exception e) {
                // the other end is gone, or the test is over
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void serve(Socket socket) throws Exception {
    open.incrementAndGet();
    try {
      answerAll(socket);
    } finally {
      open.decrementAndGet();
    }
  }

  private void answerAll(Socket socket) throws Exception {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      boolean isKept = true;
      while (isKept) {
        isKept = script.answer(request(in), socket.getOutputStream());
      }
    }
  }

  private static byte[] request(InputStream in) throws IOException {
    int length = 0;
    for (var line = line(in); !line.isEmpty(); line = line(in)) {
      if (line.startsWith("content-length: ")) {
        length = Integer.parseInt(line.substring("content-length: ".length()));
      }
    }
    return in.readNBytes(length);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("closed");
      }
      line.append((char) next);
    }
    return line.toString().trim();
  }

  /** Writes an answer whose length is told. */
  static boolean answer(OutputStream out, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Length: " + bytes.length + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII));
    out.write(bytes);
    return true;
  }

  int connections() {
    return connections.get();
  }

  /** Returns when each connection that there was has been closed. */
  void awaitNoConnection() {
    Awaitility.await().atMost(Duration.ofMinutes(5)).untilAtomic(open, Matchers.is(0));
  }

  URI http() {
    return URI.create("http://127.0.0.1:" + listening.getLocalPort());
  }

  URI https(String host) {
    return URI.create("https://" + host + ":" + listening.getLocalPort());
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
