package dev.godwit.worker.wire;

import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/** Chooses how requests travel. */
final class Transports {
  /** As many as there may be requests at once; the SDK has 50, and lets the others wait in vain. */
  private static final int MOST_CONNECTIONS = 1000;

  private Transports() {}

  /** Sockets of its own; where a proxy is set, a client that knows proxies. */
  static Transport ofThisProcess() {
    return isProxySet(System.getenv(), System::getProperty)
        ? SdkTransport.owning(Apache5HttpClient.builder().maxConnections(MOST_CONNECTIONS).build())
        : SocketTransport.over(SocketFactory.getDefault());
  }

  /**
   * Whether one of the SDK's settings names a proxy: {@code HTTP_PROXY}, {@code HTTPS_PROXY} (in
   * small letters too) or {@code http.proxyHost}, {@code https.proxyHost}. Whether it is to be used
   * for a host is then the client's to decide.
   */
  static boolean isProxySet(
      Map<String, String> environment, UnaryOperator<@Nullable String> properties) {
    return Stream.of("HTTP_PROXY", "HTTPS_PROXY")
            .flatMap(name -> Stream.of(name, name.toLowerCase(Locale.ROOT)))
            .anyMatch(name -> !environment.getOrDefault(name, "").isBlank())
        || Stream.of("http.proxyHost", "https.proxyHost")
            .map(properties)
            .anyMatch(host -> host != null && !host.isBlank());
  }
}
