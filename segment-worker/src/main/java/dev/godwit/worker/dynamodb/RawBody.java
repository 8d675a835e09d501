package dev.godwit.worker.dynamodb;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
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
 * signed, a successful answer's is kept as bytes and hidden from the SDK, whose parsing of items
 * costs many times the rest of a request. Credentials, endpoint, signature, retries and HTTP stay
 * the SDK's.
 *
 * <p>The answer's checksum is verified here, because the SDK no longer sees what it was made of.
 */
final class RawBody implements ExecutionInterceptor {
  private static final String CHECKSUM = "x-amz-crc32";
  private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.US_ASCII);

  /** What codes of throttling have in common, as they stand in the body of a refused request. */
  private static final Pattern THROTTLED =
      Pattern.compile(
          "ThroughputExceeded|Throttling|RequestLimitExceeded", Pattern.CASE_INSENSITIVE);

  private static final Pattern BY_INDEX =
      Pattern.compile("global secondary index|\"Index(Read|Write)", Pattern.CASE_INSENSITIVE);

  /** One call with its bodies as bytes. Used by one call. */
  static final class Exchange {
    private static final ExecutionAttribute<Exchange> ATTRIBUTE =
        new ExecutionAttribute<>("dev.godwit.Exchange");

    private final byte[] request;
    private byte @Nullable [] answer;
    private int throttles;
    private int indexThrottles;

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

    /** How many tries were throttled. */
    int throttles() {
      return throttles;
    }

    /** How many tries were throttled for an index. */
    int indexThrottles() {
      return indexThrottles;
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
    exchange.answer = body;
    if (context.httpResponse().isSuccessful()) {
      verify(body, context.httpResponse());
      return Optional.of(new ByteArrayInputStream(EMPTY));
    }
    noteThrottling(exchange, body);
    return Optional.of(new ByteArrayInputStream(body));
  }

  @Override
  public SdkHttpResponse modifyHttpResponse(
      Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
    return attributes.getAttribute(Exchange.ATTRIBUTE) == null
            || !context.httpResponse().isSuccessful()
        ? context.httpResponse()
        : context
            .httpResponse()
            .copy(
                response ->
                    response
                        .removeHeader(CHECKSUM)
                        .putHeader("Content-Length", Integer.toString(EMPTY.length)));
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

  private static void noteThrottling(Exchange exchange, byte[] body) {
    var text = new String(body, StandardCharsets.UTF_8);
    if (THROTTLED.matcher(text).find()) {
      exchange.throttles++;
      if (BY_INDEX.matcher(text).find()) {
        exchange.indexThrottles++;
      }
    }
  }
}
