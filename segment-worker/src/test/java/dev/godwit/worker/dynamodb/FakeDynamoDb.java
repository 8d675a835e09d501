package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.worker.wire.JsonService;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/** What stands in for DynamoDB behind the SDK, without a network: sees bodies, answers bodies. */
abstract class FakeDynamoDb implements SdkHttpClient {
  private final ObjectMapper json = new ObjectMapper();

  /**
   * The body of a successful answer.
   *
   * @param operation {@code Scan}, {@code UpdateItem} …
   */
  protected abstract String answer(String operation, JsonNode request);

  /** What {@link #answer} throws to refuse a request. */
  protected static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /** A refusal as DynamoDB words it. */
    Refused(String code, String message) {
      this(
          400,
          "{\"__type\":\"com.amazonaws.dynamodb.v20120810#%s\",\"message\":\"%s\"}"
              .formatted(code, message));
    }

    Refused(int status, String body) {
      super(body);
      this.status = status;
    }
  }

  /** DynamoDB, which this answers for. */
  public final JsonService client() {
    return TestClients.of(URI.create("http://fake"), this);
  }

  @Override
  public final ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        var target = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElseThrow();
        try (var body = request.contentStreamProvider().orElseThrow().newStream()) {
          return answered(
              200, answer(target.substring(target.indexOf('.') + 1), json.readTree(body)));
        } catch (Refused e) {
          return answered(e.status, String.valueOf(e.getMessage()));
        }
      }

      @Override
      public void abort() {}
    };
  }

  private static HttpExecuteResponse answered(int status, String body) {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(status)
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("Content-Length", Integer.toString(bytes.length))
                .build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
        .build();
  }

  @Override
  public void close() {}
}
