package dev.godwit.cli.table;

import dev.godwit.cli.table.WireBodies.Call;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Calls any operation of DynamoDB's API with its own JSON, as it goes over the wire.
 *
 * <p>The SDK does what it is good at: endpoint, credentials, signing, retries, HTTP. Only the
 * bodies go round its model. Its exceptions come through as they are.
 *
 * <p>Thread-safe.
 */
public final class DynamoDbWire implements AutoCloseable {
  private static final String TARGET_PREFIX = "DynamoDB_20120810.";

  private final DynamoDbClient client;

  private DynamoDbWire(DynamoDbClient client) {
    this.client = client;
  }

  /** A wire to {@code connection}. Close it. */
  public static DynamoDbWire over(DynamoDbConnection connection) {
    return new DynamoDbWire(
        connection
            .configured(DynamoDbClient.builder())
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .overrideConfiguration(override -> override.addExecutionInterceptor(new WireBodies()))
            .build());
  }

  /**
   * Calls {@code operation}.
   *
   * @param operation in PascalCase, as in {@code DescribeTable}
   * @param body its arguments, a JSON object
   * @return the answer, a JSON object
   * @throws software.amazon.awssdk.services.dynamodb.model.DynamoDbException when DynamoDB refuses
   * @throws software.amazon.awssdk.core.exception.SdkClientException when there is no answer
   */
  @SuppressWarnings("CheckReturnValue") // the modelled answer is empty; the body is what counts
  public byte[] call(String operation, byte[] body) {
    var call = new Call(TARGET_PREFIX + operation, body);
    client.describeEndpoints(carrier -> carrier.overrideConfiguration(call.carried()));
    return call.answer();
  }

  @Override
  public void close() {
    client.close();
  }
}
