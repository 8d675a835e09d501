package dev.godwit.worker.wire;

import dev.godwit.worker.wire.Post.Header;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One connection to a server, HTTP/1.1 (RFC 9112), one request after the other. With TLS it holds
 * the server to its name.
 *
 * <p>Used by one thread at a time; {@link #close} by any.
 */
final class SocketConnection {
  /** Those of the SDK's clients: SdkHttpConfigurationOption, CONNECTION_TIMEOUT, READ_TIMEOUT. */
  private static final int CONNECT_MILLIS = 2_000;

  private static final int SILENCE_MILLIS = 30_000;

  private static final int BUFFER_BYTES = 16 * 1024;
  private static final int MOST_HEAD_BYTES = 64 * 1024;

  /** Far above the 16 MB that DynamoDB answers at most (BatchGetItem). */
  private static final int MOST_BODY_BYTES = 256 * 1024 * 1024;

  private static final int CONTINUE = 100;

  private final URI to;
  private final SocketFactory sockets;
  private final Supplier<SSLSocketFactory> encryption;
  private Socket raw;
  private Socket socket;
  private volatile boolean isClosed;
  private boolean isOpen;
  private boolean isReusable;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int filled;

  SocketConnection(URI to, SocketFactory sockets, Supplier<SSLSocketFactory> encryption)
      throws IOException {
    this.to = to;
    this.sockets = sockets;
    this.encryption = encryption;
    this.raw = sockets.createSocket();
    this.socket = raw;
  }

  boolean leadsTo(URI place) {
    return place.equals(to)
        || (Post.host(place).equals(Post.host(to))
            && Post.isEncrypted(place) == Post.isEncrypted(to));
  }

  /** Connects, if it is not connected. */
  void open() throws IOException {
    if (isOpen) {
      return;
    }
    connect();
    raw.setTcpNoDelay(true);
    raw.setSoTimeout(SILENCE_MILLIS);
    if (Post.isEncrypted(to)) {
      var encrypted =
          (SSLSocket) encryption.get().createSocket(raw, to.getHost(), Post.port(to), true);
      var parameters = encrypted.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      encrypted.setSSLParameters(parameters);
      encrypted.startHandshake();
      socket = encrypted;
    }
    isOpen = true;
  }

  /** To the first of the host's addresses that answers. */
  private void connect() throws IOException {
    var addresses = InetAddress.getAllByName(to.getHost());
    for (int i = 0; ; i++) {
      try {
        raw.connect(new InetSocketAddress(addresses[i], Post.port(to)), CONNECT_MILLIS);
        return;
      } catch (IOException e) {
        if (i == addresses.length - 1 || isClosed) {
          throw e;
        }
        renew();
      }
    }
  }

  /** A socket that could not connect is of no further use. */
  private synchronized void renew() throws IOException {
    raw.close();
    raw = sockets.createSocket();
    socket = raw;
    if (isClosed) {
      raw.close();
    }
  }

  /** Sends one request and reads its answer. */
  HttpAnswer exchange(Post post) throws IOException {
    isReusable = false;
    send(post);
    var head = head();
    while (head.status == CONTINUE) {
      head = head();
    }
    var body = body(head);
    isReusable = head.isKept && head.tellsItsEnd() && from == filled;
    return new HttpAnswer(head.status, head.headers, body);
  }

  private void send(Post post) throws IOException {
    var head = new StringBuilder(1024).append("POST ").append(post.path()).append(" HTTP/1.1\r\n");
    for (Header header : post.headers()) {
      head.append(header.name()).append(": ").append(header.value()).append("\r\n");
    }
    head.append("content-length: ").append(post.body().length).append("\r\n\r\n");
    var first = head.toString().getBytes(StandardCharsets.UTF_8);
    // One packet and one TLS record where they fit, not two.
    var whole = Arrays.copyOf(first, first.length + post.body().length);
    System.arraycopy(post.body(), 0, whole, first.length, post.body().length);
    OutputStream out = socket.getOutputStream();
    out.write(whole);
    out.flush();
  }

  /** The status and the headers of an answer. */
  private record Head(int status, boolean isKept, Map<String, String> headers) {
    boolean tellsItsEnd() {
      return headers.containsKey("content-length") || headers.containsKey("transfer-encoding");
    }
  }

  private Head head() throws IOException {
    var line = line();
    if (!line.startsWith("HTTP/1.") || line.length() < 12) {
      throw new IOException("the server does not speak HTTP/1.1");
    }
    boolean speaksTheLatest = line.startsWith("HTTP/1.1");
    int status = number(line.substring(9, 12), 10);
    Map<String, String> headers = new HashMap<>();
    int bytes = 0;
    for (line = line(); !line.isEmpty(); line = line()) {
      bytes += line.length();
      int colon = line.indexOf(':');
      if (colon < 1 || bytes > MOST_HEAD_BYTES) {
        throw new IOException("the server's headers cannot be read");
      }
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).trim(),
          (one, other) -> one + "," + other);
    }
    var connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
    boolean isKept = speaksTheLatest && !connection.contains("close");
    return new Head(status, isKept, headers);
  }

  private byte[] body(Head head) throws IOException {
    var coding = head.headers.getOrDefault("transfer-encoding", "").toLowerCase(Locale.ROOT);
    if (coding.endsWith("chunked")) {
      return chunks();
    }
    var length = head.headers.get("content-length");
    if (length != null) {
      return bytes(number(length, 10));
    }
    return rest();
  }

  private byte[] chunks() throws IOException {
    byte[] body = {};
    while (true) {
      var line = line();
      int end = line.indexOf(';');
      int size = number(end < 0 ? line : line.substring(0, end), 16);
      if (size == 0) {
        break;
      }
      if (size > MOST_BODY_BYTES - body.length) {
        throw new IOException("the answer is too long");
      }
      var chunk = bytes(size);
      int before = body.length;
      body = Arrays.copyOf(body, before + size);
      System.arraycopy(chunk, 0, body, before, size);
      line(); // the chunk's end
    }
    while (!line().isEmpty()) {
      // trailers tell nothing that is needed
    }
    return body;
  }

  /** Until the server ends the connection. */
  private byte[] rest() throws IOException {
    byte[] body = Arrays.copyOfRange(buffer, from, filled);
    from = filled;
    while (fill()) {
      int before = body.length;
      int more = filled - from;
      if (more > MOST_BODY_BYTES - before) {
        throw new IOException("the answer is too long");
      }
      body = Arrays.copyOf(body, before + more);
      System.arraycopy(buffer, from, body, before, more);
      from = filled;
    }
    return body;
  }

  private byte[] bytes(int count) throws IOException {
    if (count > MOST_BODY_BYTES) {
      throw new IOException("the answer is too long");
    }
    var bytes = new byte[count];
    int have = Math.min(count, filled - from);
    System.arraycopy(buffer, from, bytes, 0, have);
    from += have;
    InputStream in = socket.getInputStream();
    while (have < count) {
      int read = in.read(bytes, have, count - have);
      if (read < 0) {
        throw brokenOff();
      }
      have += read;
    }
    return bytes;
  }

  /** Without its end, CR LF or LF. */
  private String line() throws IOException {
    var line = new StringBuilder(64);
    while (true) {
      if (from == filled && !fill()) {
        throw brokenOff();
      }
      byte next = buffer[from++];
      if (next == '\n') {
        int last = line.length() - 1;
        if (last >= 0 && line.charAt(last) == '\r') {
          line.setLength(last);
        }
        return line.toString();
      }
      if (line.length() > MOST_HEAD_BYTES) {
        throw new IOException("the server's headers cannot be read");
      }
      line.append((char) (next & 0xff));
    }
  }

  private boolean fill() throws IOException {
    int read = socket.getInputStream().read(buffer, 0, buffer.length);
    from = 0;
    filled = Math.max(0, read);
    return read > 0;
  }

  private static IOException brokenOff() {
    return new EOFException("the server closed the connection before its answer was whole");
  }

  private static int number(String text, int radix) throws IOException {
    try {
      int number = Integer.parseInt(text.trim(), radix);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new IOException("the server's headers cannot be read");
  }

  /** Whether the last exchange left it so that another may follow. */
  boolean isReusable() {
    return isReusable && !isClosed;
  }

  /** Whether the server has neither closed it nor said anything unasked. */
  boolean isAlive() {
    try {
      raw.setSoTimeout(1);
      try {
        fill();
        return false; // closed, or an answer to nothing
      } catch (SocketTimeoutException e) {
        return true;
      } finally {
        raw.setSoTimeout(SILENCE_MILLIS);
      }
    } catch (IOException e) {
      return false;
    }
  }

  boolean isClosed() {
    return isClosed;
  }

  /** Also ends what is being read or written. Never waits: TLS's own goodbye is left out. */
  synchronized void close() {
    isClosed = true;
    try {
      raw.close();
    } catch (IOException e) {
      // it is of no use any more, whatever it says
    }
  }
}
