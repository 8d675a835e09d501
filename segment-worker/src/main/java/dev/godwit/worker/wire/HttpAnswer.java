package dev.godwit.worker.wire;

import java.util.Map;
import java.util.Optional;

/** What came back over HTTP, of success or refusal. */
final class HttpAnswer {
  private final int status;
  private final Map<String, String> headers;
  private final byte[] body;

  /**
   * An answer.
   *
   * @param status as in 200
   * @param headers names in small letters
   * @param body not copied
   */
  HttpAnswer(int status, Map<String, String> headers, byte[] body) {
    this.status = status;
    this.headers = headers;
    this.body = body;
  }

  int status() {
    return status;
  }

  boolean isSuccess() {
    return status >= 200 && status < 300;
  }

  /** The header {@code name}, in small letters. */
  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  byte[] body() {
    return body;
  }
}
