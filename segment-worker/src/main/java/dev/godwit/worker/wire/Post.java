package dev.godwit.worker.wire;

import java.net.URI;
import java.util.List;

/** One HTTP request to a service that speaks JSON; all of them are POST. Immutable. */
final class Post {
  private final URI to;
  private final List<Header> headers;
  private final byte[] body;

  /**
   * A request.
   *
   * @param to where, with a path and without a query
   * @param headers all but {@code Content-Length}, in the order in which they are sent
   * @param body its bytes; not copied, so not to be changed
   */
  Post(URI to, List<Header> headers, byte[] body) {
    this.to = to;
    this.headers = headers;
    this.body = body;
  }

  /**
   * One header.
   *
   * @param name in small letters, as it is signed
   */
  record Header(String name, String value) {
    /**
     * @throws IllegalArgumentException when the value would end the header
     */
    Header {
      if (value.chars().anyMatch(c -> c < ' ' || c == DELETE)) {
        throw new IllegalArgumentException("The value of the header " + name + " has a line break");
      }
    }

    private static final int DELETE = 0x7f;
  }

  URI to() {
    return to;
  }

  List<Header> headers() {
    return headers;
  }

  /** Not to be changed. */
  byte[] body() {
    return body;
  }

  /** The path that is asked for. */
  String path() {
    var path = to.getRawPath();
    return path == null || path.isEmpty() ? "/" : path;
  }

  /** The host as the {@code Host} header has it: with its port, unless that is the usual one. */
  static String host(URI to) {
    return to.getPort() < 0 || to.getPort() == usualPort(to)
        ? to.getHost()
        : to.getHost() + ":" + to.getPort();
  }

  static boolean isEncrypted(URI to) {
    return "https".equalsIgnoreCase(to.getScheme());
  }

  static int port(URI to) {
    return to.getPort() < 0 ? usualPort(to) : to.getPort();
  }

  private static int usualPort(URI to) {
    return isEncrypted(to) ? 443 : 80;
  }
}
