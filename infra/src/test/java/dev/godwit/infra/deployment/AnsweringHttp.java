package dev.godwit.infra.deployment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.servicemodels.AwsRequests;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;

/**
 * AWS, as far as a test has answers for it, by the operation asked for. An operation without an
 * answer is an error, so that nothing is asked unnoticed.
 */
final class AnsweringHttp implements SdkHttpClient {
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Asked(String operation, JsonNode body) {}

  private record Answer(int status, String body) {}

  private final Map<String, Function<JsonNode, Answer>> answers = new HashMap<>();
  private final List<Asked> asked = new ArrayList<>();

  void answer(String operation, String body) {
    answers.put(operation, ignored -> new Answer(200, body));
  }

  /** Answers by what was asked; empty text says that there is no such execution. */
  void answerEach(String operation, Function<JsonNode, String> answer) {
    answers.put(
        operation,
        body -> {
          String text = answer.apply(body);
          return text.isEmpty() ? error("ExecutionDoesNotExist") : new Answer(200, text);
        });
  }

  void refuse(String operation, String error) {
    answers.put(operation, ignored -> error(error));
  }

  /** The service itself fails. */
  void fail(String operation) {
    answers.put(operation, ignored -> new Answer(500, ""));
  }

  /** In JSON, and in the XML that CloudFormation speaks. */
  private static Answer error(String error) {
    if (error.equals("Throttling")) {
      return new Answer(
          400,
          "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code>"
              + "<Message>Rate exceeded</Message></Error></ErrorResponse>");
    }
    return new Answer(400, "{\"__type\": \"" + error + "\", \"message\": \"refused\"}");
  }

  List<String> asked() {
    return asked.stream().map(Asked::operation).distinct().toList();
  }

  List<JsonNode> all(String operation) {
    return asked.stream().filter(a -> a.operation().equals(operation)).map(Asked::body).toList();
  }

  JsonNode only(String operation) {
    var found = all(operation);
    if (found.size() != 1) {
      throw new AssertionError(operation + " was asked " + found.size() + " times: " + asked);
    }
    return found.get(0);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        var answer = answer(request);
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        return HttpExecuteResponse.builder()
            .response(
                SdkHttpFullResponse.builder()
                    .statusCode(answer.status())
                    .putHeader("Content-Length", Integer.toString(body.length))
                    .build())
            .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
            .build();
      }

      @Override
      public void abort() {}
    };
  }

  private Answer answer(HttpExecuteRequest request) throws IOException {
    var http = request.httpRequest();
    String body = "";
    if (request.contentStreamProvider().isPresent()) {
      try (var stream = request.contentStreamProvider().get().newStream()) {
        body = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      }
    }
    String operation =
        http.firstMatchingHeader("X-Amz-Target")
            .orElse(
                body.startsWith("Action=")
                    ? body.substring("Action=".length(), body.indexOf('&'))
                    : http.method() + " " + http.encodedPath());
    asked.add(
        new Asked(
            operation,
            body.startsWith("{") ? JSON.readTree(body) : JsonNodeFactory.instance.textNode(body)));
    if (body.startsWith("{")) {
      AwsRequests.checkCall(operation, JSON.readTree(body));
    }
    var answer = answers.get(operation);
    if (answer == null) {
      throw new AssertionError("nothing was said of " + operation);
    }
    return answer.apply(asked.get(asked.size() - 1).body());
  }

  @Override
  public void close() {}
}
