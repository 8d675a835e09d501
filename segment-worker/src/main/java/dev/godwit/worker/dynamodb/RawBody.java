package dev.godwit.worker.dynamodb;

import dev.godwit.run.Tally;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * Takes the bodies of a call round the SDK's modelling: the request's is replaced before it is
 * signed, the answer's is kept as bytes and hidden from the SDK, whose parsing of items costs many
 * times the rest of a request. Of a refusal it sees the code and the message. Credentials,
 * endpoint, signature, retries and HTTP stay the SDK's.
 *
 * <p>The answer's checksum is verified here, because the SDK no longer sees what it was made of.
 */
final class RawBody implements ExecutionInterceptor {
  private static final String CHECKSUM = "x-amz-crc32";
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.US_ASCII);

  /** One call with its bodies as bytes. Used by one call. */
  static final class Exchange {
    private static final ExecutionAttribute<Exchange> ATTRIBUTE =
        new ExecutionAttribute<>("dev.godwit.Exchange");

    private final byte[] request;
    private byte @Nullable [] answer;
    private Optional<RefusalBody> refusal = Optional.empty();
    private Tally throttles = Tally.ZERO;

    Exchange(byte[] request) {
      this.request = request;
    }

    ExecutionAttribute<Exchange> attribute() {
      return ATTRIBUTE;
    }

    /** The body of the last answer, of success or refusal; empty when there was none. */
    byte[] answer() {
      return answer == null ? new byte[0] : answer;
    }

    /** What the last answer said, if it was a refusal of DynamoDB's; absent otherwise. */
    Optional<RefusalBody> refusal() {
      return refusal;
    }

    /** How many tries were throttled, by what. */
    Tally throttles() {
      return throttles;
    }

    private void answered(byte[] body) {
      answer = body;
      refusal = Optional.empty();
    }

    private void refused(RefusalBody body) {
      refusal = Optional.of(body);
      var by = Throttling.by(body.code(), body.throttlings());
      if (by.isPresent()) {
        throttles = throttles.plus(by.get(), 1);
      }
    }
  }

  @Override
  public Optional<RequestBody> modifyHttpContent(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    var exchange = attributes.getAttribute(Exchange.ATTRIBUTE);
    return exchange == null
        ? context.requestBody()
        : Optional.of(RequestBody.fromBytes(exchange.request));
  }

  @Override
  public SdkHttpRequest modifyHttpRequest(
      Context.ModifyHttpRequest context, ExecutionAttributes attributes) {
    var exchange = attributes.getAttribute(Exchange.ATTRIBUTE);
    return exchange == null
        ? context.httpRequest()
        : context
            .httpRequest()
            .copy(
                request ->
                    request.putHeader("Content-Length", Integer.toString(exchange.request.length)));
  }

  @Override
  public Optional<InputStream> modifyHttpResponseContent(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    var exchange = attributes.getAttribute(Exchange.ATTRIBUTE);
    if (exchange == null || context.responseBody().isEmpty()) {
      return context.responseBody();
    }
    byte[] body;
    try (var content = context.responseBody().get()) {
      body = content.readAllBytes();
    } catch (IOException e) {
      throw RetryableException.create("The answer broke off", e);
    }
    verify(body, context.httpResponse());
    exchange.answered(body);
    if (context.httpResponse().isSuccessful()) {
      return Optional.of(new ByteArrayInputStream(EMPTY));
    }
    var refusal = RefusalBody.of(body);
    refusal.ifPresent(exchange::refused);
    return Optional.of(new ByteArrayInputStream(refusal.map(RefusalBody::forTheSdk).orElse(body)));
  }

  @Override
  public SdkHttpResponse modifyHttpResponse(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    return attributes.getAttribute(Exchange.ATTRIBUTE) == null
        ? context.httpResponse()
        : context
            .httpResponse()
            .copy(response -> response.removeHeader(CHECKSUM).removeHeader("Content-Length"));
  }

  private static void verify(byte[] body, SdkHttpResponse response) {
    var expected = response.firstMatchingHeader(CHECKSUM);
    if (expected.isEmpty()) {
      return;
    }
    var crc = new CRC32();
    crc.update(body);
    if (crc.getValue() != Long.parseLong(expected.get())) {
      throw RetryableException.create(
          "The answer was damaged on its way: its checksum does not match");
    }
  }
}
