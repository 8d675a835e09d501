package dev.godwit.cli.table;

import dev.godwit.cli.table.WireBodies.Call;
import java.net.URI;
import java.util.Optional;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.applicationautoscaling.ApplicationAutoScalingClient;
import software.amazon.awssdk.services.applicationautoscaling.model.ServiceNamespace;

/** Calls Application Auto Scaling with its own JSON, as {@link DynamoDbWire} does. Thread-safe. */
public final class AutoScalingWire implements AutoCloseable {
  private static final String TARGET_PREFIX = "AnyScaleFrontendService.";

  private final ApplicationAutoScalingClient client;

  private AutoScalingWire(ApplicationAutoScalingClient client) {
    this.client = client;
  }

  /**
   * A wire beside {@code connection}; empty where that is not AWS's own, for nothing scales there.
   */
  public static Optional<AutoScalingWire> beside(DynamoDbConnection connection) {
    return connection.isAws() ? Optional.of(to(connection, Optional.empty())) : Optional.empty();
  }

  static AutoScalingWire to(DynamoDbConnection connection, Optional<URI> endpoint) {
    var builder = ApplicationAutoScalingClient.builder();
    endpoint.ifPresent(builder::endpointOverride);
    return new AutoScalingWire(
        builder
            .region(connection.region())
            .credentialsProvider(connection.credentials())
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(override -> override.addExecutionInterceptor(new WireBodies()))
            .build());
  }

  /**
   * Calls {@code operation}.
   *
   * @param operation in PascalCase, as in {@code DescribeScalableTargets}
   * @param body its arguments, a JSON object
   * @return the answer, a JSON object
   * @throws
   *     software.amazon.awssdk.services.applicationautoscaling.model.ApplicationAutoScalingException
   *     when it is refused
   * @throws software.amazon.awssdk.core.exception.SdkClientException when there is no answer
   */
  @SuppressWarnings("CheckReturnValue") // the body is what counts
  public byte[] call(String operation, byte[] body) {
    var call = new Call(TARGET_PREFIX + operation, body);
    client.describeScalableTargets(
        carrier ->
            carrier
                .serviceNamespace(ServiceNamespace.DYNAMODB)
                .overrideConfiguration(call.carried()));
    return call.answer();
  }

  @Override
  public void close() {
    client.close();
  }
}
