package dev.godwit.cli.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.asl.TaskFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The SDK's own client of DynamoDB, whose requests go to whoever carries them out on its thread.
 */
final class SimulatedClient implements SdkHttpClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ThreadLocal<Service> HERE = new ThreadLocal<>();

  /** For all threads: each says first who answers it. */
  static final DynamoDbClient CLIENT =
      DynamoDbClient.builder()
          .endpointOverride(URI.create("http://127.0.0.1:1"))
          .region(Region.EU_WEST_1)
          .credentialsProvider(
              StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
          .httpClient(new SimulatedClient())
          .overrideConfiguration(override -> override.retryStrategy(retry -> retry.maxAttempts(1)))
          .build();

  /** Carries requests out. */
  @FunctionalInterface
  interface Service {
    /**
     * @throws TaskFailure when the service refuses
     * @throws IOException when there is no answer
     */
    JsonNode call(String operation, JsonNode request) throws TaskFailure, IOException;
  }

  private SimulatedClient() {}

  /** On this thread {@code service} answers, while {@code does} runs. */
  static void with(Service service, Runnable does) {
    HERE.set(service);
    try {
      does.run();
    } finally {
      HERE.remove();
    }
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        var target = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElseThrow();
        var body = JSON.readTree(request.contentStreamProvider().orElseThrow().newStream());
        try {
          return answer(200, HERE.get().call(target.substring(target.indexOf('.') + 1), body));
        } catch (TaskFailure e) {
          var error = String.valueOf(e.error());
          return answer(
              400,
              JsonNodeFactory.instance
                  .objectNode()
                  .put("__type", "x#" + error.substring(error.indexOf('.') + 1))
                  .put("message", e.causeText()));
        }
      }

      @Override
      public void abort() {}
    };
  }

  private static HttpExecuteResponse answer(int status, JsonNode body) throws IOException {
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(status)
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .build())
        .responseBody(
            AbortableInputStream.create(new ByteArrayInputStream(JSON.writeValueAsBytes(body))))
        .build();
  }

  @Override
  public void close() {}
}
