package dev.godwit.cli.table;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;

/**
 * Makes any call of an AWS JSON service of one modelled call: puts its operation and body in place
 * of those that the SDK made, before it signs, and keeps the answer's body as it came.
 */
final class WireBodies implements ExecutionInterceptor {
  private static final ExecutionAttribute<Call> CALL = new ExecutionAttribute<>("GodwitWireCall");

  /** One call on its way. */
  static final class Call {
    private final String target;
    private final byte[] body;
    private byte @Nullable [] answer;

    /**
     * A call to be made.
     *
     * @param target as the service's X-Amz-Target has it
     */
    Call(String target, byte[] body) {
      this.target = target;
      this.body = body;
    }

    /** Makes a modelled request carry this call. */
    Consumer<AwsRequestOverrideConfiguration.Builder> carried() {
      return override -> override.putExecutionAttribute(CALL, this);
    }

    byte[] answer() {
      if (answer == null) {
        throw new IllegalStateException("No body came back for " + target);
      }
      return answer;
    }
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    var call = attributes.getAttribute(CALL);
    return context
        .httpRequest()
        .copy(
            request ->
                request
                    .putHeader("X-Amz-Target", call.target)
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
      throw RetryableException.create("The answer broke off", e);
    }
    // The SDK checks its checksum, and finds nothing in it that it knows.
    return Optional.of(new ByteArrayInputStream(call.answer));
  }
}
