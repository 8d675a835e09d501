package dev.godwit.worker.wire;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** Where a service is, for whoever asks it. Thread-safe. */
@FunctionalInterface
interface Endpoint {
  int MOST_PORT = 65_535;

  /** The address for {@code who}: an account may have one of its own. */
  URI of(AwsCredentials who);

  /** Always {@code address}. */
  static Endpoint at(URI address) {
    var checked = checked(address);
    return who -> checked;
  }

  /**
   * {@code address}, if requests can go there.
   *
   * @throws IllegalArgumentException when it has no host, or a port that there is not
   */
  static URI checked(URI address) {
    if (address.getHost() == null || address.getPort() > MOST_PORT) {
      throw new IllegalArgumentException(
          "An endpoint is a URL with a host, as in http://localhost:8000, not "
              + address.getScheme()
              + "://"
              + address.getHost()
              + ":"
              + address.getPort());
    }
    return address;
  }
}
