package dev.godwit.worker.wire;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Sends over sockets of its own, which it keeps: the one that was used last is used next. There is
 * one for each request that is under way at once.
 */
final class SocketTransport implements Transport {
  /** A connection that was idle for longer is not trusted any more. */
  private static final long MOST_IDLE_MILLIS = 50_000;

  /** After so long it is asked whether the server has closed it. */
  private static final long TRUSTED_MILLIS = 1_000;

  private final Deque<Idle> idle = new ConcurrentLinkedDeque<>();
  private final Watch watch = new Watch();
  private final SocketFactory sockets;
  private final Supplier<SSLSocketFactory> encryption;
  private final LongSupplier millis;
  private volatile boolean isClosed;

  /**
   * Sends over what {@code sockets} makes, with TLS above it where the address says so.
   *
   * @param encryption asked when it is first needed: to read the trust store takes time
   * @param millis the time of day, not the time that this process has run: a function is frozen
   *     between its invocations
   */
  SocketTransport(
      SocketFactory sockets, Supplier<SSLSocketFactory> encryption, LongSupplier millis) {
    this.sockets = sockets;
    this.encryption = encryption;
    this.millis = millis;
  }

  /** Sends over {@code sockets}, and trusts whom the JVM trusts. */
  static SocketTransport over(SocketFactory sockets) {
    return new SocketTransport(
        sockets, () -> (SSLSocketFactory) SSLSocketFactory.getDefault(), System::currentTimeMillis);
  }

  private record Idle(SocketConnection connection, long since) {}

  @Override
  public HttpAnswer send(Post post, Duration atMost) throws IOException {
    var kept = take(post.to());
    var connection = kept == null ? new SocketConnection(post.to(), sockets, encryption) : kept;
    if (isClosed) {
      connection.close();
      throw new IOException("it is closed already");
    }
    var offWatch = watch.over(atMost, connection::close);
    try {
      connection.open();
      return connection.exchange(post);
    } catch (IOException e) {
      boolean isCutOff = connection.isClosed();
      connection.close();
      if (kept != null) {
        closeIdle(); // the others were kept as long
      }
      throw isCutOff
          ? new SocketTimeoutException("nothing came within " + atMost.toMillis() + " ms")
          : e;
    } finally {
      offWatch.run();
      keep(connection);
    }
  }

  private void keep(SocketConnection connection) {
    if (connection.isReusable()) {
      idle.addFirst(new Idle(connection, millis.getAsLong()));
    } else {
      connection.close();
    }
    if (isClosed) {
      closeIdle(); // it was closed while this request was under way
    }
  }

  private @Nullable SocketConnection take(URI to) {
    for (var next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      long age = Math.abs(millis.getAsLong() - next.since);
      if (next.connection.leadsTo(to)
          && age <= MOST_IDLE_MILLIS
          && (age <= TRUSTED_MILLIS || next.connection.isAlive())) {
        return next.connection;
      }
      next.connection.close();
    }
    return null;
  }

  private void closeIdle() {
    for (var next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      next.connection.close();
    }
  }

  @Override
  public void close() {
    isClosed = true;
    closeIdle();
    watch.close();
  }
}
