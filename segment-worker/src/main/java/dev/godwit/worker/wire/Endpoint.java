package dev.godwit.worker.wire;

import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsCredentials;

/** Where a service is, for whoever asks it. Thread-safe. */
@FunctionalInterface
interface Endpoint {
  /** The address for {@code who}: an account may have one of its own. */
  URI of(AwsCredentials who);

  /** Always {@code address}. */
  static Endpoint at(URI address) {
    if (address.getHost() == null) {
      throw new IllegalArgumentException(
          "An endpoint is a URL with a host, as in http://localhost:8000, not " + address);
    }
    return who -> address;
  }
}
