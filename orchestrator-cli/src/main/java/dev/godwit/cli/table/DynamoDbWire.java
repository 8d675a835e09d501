package dev.godwit.cli.table;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

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
  private static final ExecutionAttribute<Call> CALL = new ExecutionAttribute<>("GodwitWireCall");

  private final DynamoDbClient client;

  private DynamoDbWire(DynamoDbClientBuilder builder) {
    this.client =
        builder
            .overrideConfiguration(
                builder.overrideConfiguration().toBuilder()
                    .addExecutionInterceptor(new BodySwap())
                    .build())
            .build();
  }

  /** A wire to {@code connection}. Close it. */
  public static DynamoDbWire over(DynamoDbConnection connection) {
    return new DynamoDbWire(
        connection
            .configured(DynamoDbClient.builder())
            .httpClientBuilder(UrlConnectionHttpClient.builder()));
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
  public byte[] call(String operation, byte[] body) {
    var call = new Call(operation, body);
    var modelled =
        client.describeEndpoints(
            carrier ->
                carrier.overrideConfiguration(
                    override -> override.putExecutionAttribute(CALL, call)));
    return call.answer()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "No body came back for " + operation + ", only " + modelled));
  }

  @Override
  public void close() {
    client.close();
  }

  /** One call on its way. */
  private static final class Call {
    private final String operation;
    private final byte[] body;
    private byte @Nullable [] answer;

    Call(String operation, byte[] body) {
      this.operation = operation;
      this.body = body;
    }

    Optional<byte[]> answer() {
      return Optional.ofNullable(answer);
    }
  }

  /** Puts the call's operation and body in place of those that the SDK made, before it signs. */
  private static final class BodySwap implements ExecutionInterceptor {
    @Override
    public SdkHttpRequest modifyHttpRequest(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      var call = attributes.getAttribute(CALL);
      return context
          .httpRequest()
          .copy(
              request ->
                  request
                      .putHeader("X-Amz-Target", TARGET_PREFIX + call.operation)
                      .putHeader("Content-Length", Integer.toString(call.body.length)));
    }

    @Override
    public Optional<RequestBody> modifyHttpContent(
        Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
      return Optional.of(RequestBody.fromBytes(attributes.getAttribute(CALL).body));
    }

    @Override
    public Optional<InputStream> modifyHttpResponseContent(
        Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
      if (!context.httpResponse().isSuccessful()) {
        return context.responseBody();
      }
      var call = attributes.getAttribute(CALL);
      try (var body = context.responseBody().orElseGet(InputStream::nullInputStream)) {
        call.answer = body.readAllBytes();
      } catch (IOException e) {
        throw RetryableException.create("DynamoDB's answer broke off", e);
      }
      // The SDK checks its checksum, and finds nothing in it that it knows.
      return Optional.of(new ByteArrayInputStream(call.answer));
    }
  }
}
