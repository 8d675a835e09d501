package dev.godwit.worker.lambda;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;

/**
 * An HTTP client that reaches nothing: it answers as DynamoDB would for a small table, so that the
 * whole way of a slice through the SDK can be walked before there is a network. One page of four
 * items; of the writes one meets a conflict.
 */
final class CannedAws implements SdkHttpClient {
  private static final String PAGE =
      """
      {"Count":4,"ScannedCount":4,"Items":[
      {"id":{"S":"1"},"n":{"N":"1"},"m":{"M":{"l":{"L":[{"BOOL":true},{"NULL":true}]}}}},
      {"id":{"S":"2"},"n":{"N":"2"},"b":{"B":"AAE="},"ss":{"SS":["a"]},"ns":{"NS":["1"]}},
      {"id":{"S":"3"},"n":{"N":"3"}},
      {"id":{"S":"4"},"n":{"N":"4"}}],
      "ConsumedCapacity":{"TableName":"priming","CapacityUnits":0.5}}""";

  private static final String CONFLICT =
      """
      {"Error":{"Code":"ConditionalCheckFailed","Message":"The conditional request failed",
      "Item":{"id":{"S":"2"},"n":{"N":"3"}}}}""";

  private static final Pattern STATEMENT = Pattern.compile("\"Statement\":");

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        var asked = "";
        if (request.contentStreamProvider().isPresent()) {
          try (InputStream body = request.contentStreamProvider().get().newStream()) {
            asked = new String(body.readAllBytes(), StandardCharsets.UTF_8);
          }
        }
        return answer(request.httpRequest().firstMatchingHeader("X-Amz-Target").orElse(""), asked);
      }

      @Override
      public void abort() {}
    };
  }

  private static HttpExecuteResponse answer(String target, String asked) {
    var operation = target.substring(target.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    var body =
        switch (operation) {
          case "scan" -> PAGE;
          case "batchexecutestatement" -> statements(asked);
          default -> "{}";
        };
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    return HttpExecuteResponse.builder()
        .response(
            SdkHttpResponse.builder()
                .statusCode(200)
                .putHeader("Content-Type", "application/x-amz-json-1.0")
                .putHeader("Content-Length", Integer.toString(bytes.length))
                .build())
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(bytes)))
        .build();
  }

  /** One answer to each statement; of several the second meets a conflict. */
  private static String statements(String asked) {
    long count = STATEMENT.matcher(asked).results().count();
    var answers =
        LongStream.range(0, count)
            .mapToObj(i -> i == 1 ? CONFLICT : "{\"TableName\":\"priming\"}")
            .collect(Collectors.joining(","));
    return "{\"Responses\":["
        + answers
        + "],\"ConsumedCapacity\":[{\"TableName\":\"priming\",\"CapacityUnits\":"
        + count
        + ".0}]}";
  }

  @Override
  public void close() {}
}
