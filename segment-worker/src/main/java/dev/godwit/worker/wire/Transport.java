package dev.godwit.worker.wire;

import java.io.IOException;
import java.time.Duration;

/** Brings requests to a server and their answers back. Thread-safe. */
interface Transport extends AutoCloseable {
  /**
   * Sends {@code post} once and waits for its answer.
   *
   * @param atMost after which it gives up; the server may have done what it was asked
   * @throws IOException when no whole answer came back
   */
  HttpAnswer send(Post post, Duration atMost) throws IOException;

  @Override
  void close();
}
