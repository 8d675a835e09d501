package dev.godwit.cli.table;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;

/** Who gives a command, as far as can be told. */
public final class Caller {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(4);
  private static final int ATTEMPTS = 2;

  private Caller() {}

  /**
   * The ARN of the identity whose {@code credentials} are used; the user and the machine if AWS
   * does not tell.
   *
   * @param endpoint where the Security Token Service answers; empty for the region's own
   */
  public static String onAws(
      AwsCredentialsProvider credentials, Region region, Optional<URI> endpoint) {
    var builder =
        StsClient.builder()
            .region(region)
            .credentialsProvider(credentials)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .socketTimeout(ANSWER_TIMEOUT))
            .overrideConfiguration(
                override -> override.retryStrategy(retry -> retry.maxAttempts(ATTEMPTS)));
    endpoint.ifPresent(builder::endpointOverride);
    try (var sts = builder.build()) {
      var arn = sts.getCallerIdentity().arn();
      return arn == null || arn.isEmpty() ? here() : arn;
    } catch (SdkException e) {
      return here();
    }
  }

  /** The user and the machine, as in {@code ana@build-7}. */
  public static String here() {
    return System.getProperty("user.name", "unknown") + "@" + host();
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
