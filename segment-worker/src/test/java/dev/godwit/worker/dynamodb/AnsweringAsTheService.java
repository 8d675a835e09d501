package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.worker.memory.Steps;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

/**
 * Stands before DynamoDB Local and gives {@link ServiceAnswer}s: those that it is told to, or any
 * of some at random. Thread-safe.
 */
public final class AnsweringAsTheService implements SdkHttpClient {
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());
  private static final int OK = 200;
  private static final int REFUSED = 400;

  private final SdkHttpClient local = Apache5HttpClient.create();
  private final Random random;
  private final Set<ServiceAnswer> mixed;
  private final int oneIn;
  private final Map<ServiceAnswer, Integer> given = new EnumMap<>(ServiceAnswer.class);
  private final List<String> asked = new ArrayList<>();
  private List<ServiceAnswer> always = List.of();
  private Optional<ServiceAnswer> once = Optional.empty();
  private Optional<String> refusal = Optional.empty();
  private Steps steps = Steps.UNDISTURBED;

  private AnsweringAsTheService(Set<ServiceAnswer> mixed, int oneIn, long seed) {
    this.mixed = mixed;
    this.oneIn = oneIn;
    this.random = new Random(seed);
  }

  /** Answers as DynamoDB Local does, until it is told otherwise. */
  static AnsweringAsTheService whenTold() {
    return new AnsweringAsTheService(Set.of(), 1, 0);
  }

  /**
   * Gives the {@linkplain ServiceAnswer#passing passing} answers at random, each to one in so many
   * of the requests that it may be an answer to; to some statements of a request and not to others.
   */
  public static AnsweringAsTheService mixing(int oneIn, long seed) {
    return new AnsweringAsTheService(ServiceAnswer.passing(), oneIn, seed);
  }

  /** From now on {@code steps} is told around every request that writes. */
  public AnsweringAsTheService telling(Steps steps) {
    this.steps = steps;
    return this;
  }

  /** From now on every request is answered so, as far as {@code answers} concern it. */
  synchronized void always(ServiceAnswer... answers) {
    always = List.of(answers);
  }

  /** The next request that {@code answer} concerns is answered so, and no other. */
  synchronized void once(ServiceAnswer answer) {
    once = Optional.of(answer);
  }

  /** The next request is refused with {@code body}. */
  synchronized void refuseOnce(String body) {
    refusal = Optional.of(body);
  }

  /** What has been given, and how often. */
  public synchronized Map<ServiceAnswer, Integer> given() {
    return new EnumMap<>(given);
  }

  /** What has been asked for since this was called last. */
  synchronized List<String> takeAsked() {
    var operations = List.copyOf(asked);
    asked.clear();
    return operations;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        var target = request.httpRequest().firstMatchingHeader("X-Amz-Target").orElseThrow();
        var operation = target.substring(target.indexOf('.') + 1);
        if (!ServiceAnswer.isWrite(operation)) {
          return answer(operation, request);
        }
        steps.step("before a write");
        var answer = answer(operation, request);
        steps.step("after a write");
        return answer;
      }

      @Override
      public void abort() {}
    };
  }

  private HttpExecuteResponse answer(String operation, HttpExecuteRequest request)
      throws IOException {
    ObjectNode body;
    try (var content = request.contentStreamProvider().orElseThrow().newStream()) {
      body = (ObjectNode) JSON.readTree(content);
    }
    var answers = new ArrayList<ServiceAnswer>();
    var left = new ArrayList<Integer>();
    var error = Optional.<String>empty();
    synchronized (this) {
      asked.add(operation);
      if (refusal.isPresent()) {
        var words = refusal.get();
        refusal = Optional.empty();
        return response(REFUSED, words.getBytes(StandardCharsets.UTF_8));
      }
      for (ServiceAnswer answer : ServiceAnswer.values()) {
        if (answer.concerns(operation) && isDue(answer)) {
          answers.add(answer);
        }
      }
      for (ServiceAnswer answer : answers) {
        given.merge(answer, 1, Integer::sum);
        boolean ofStatements =
            ServiceAnswer.isStatements(operation) && !answer.statementError().isEmpty();
        if (ofStatements) {
          error = Optional.of(answer.statementError());
          left.clear();
          for (int i = 0; i < body.get("Statements").size(); i++) {
            if (!mixed.contains(answer) || random.nextInt(3) == 0) {
              left.add(i);
            }
          }
        } else if (!answer.refusal(random).isEmpty()) {
          return response(REFUSED, answer.refusal(random).getBytes(StandardCharsets.UTF_8));
        }
      }
    }
    return done(request, body, answers, left, error.orElse(""));
  }

  private boolean isDue(ServiceAnswer answer) {
    if (once.equals(Optional.of(answer))) {
      once = Optional.empty();
      return true;
    }
    return always.contains(answer) || (mixed.contains(answer) && random.nextInt(oneIn) == 0);
  }

  private HttpExecuteResponse done(
      HttpExecuteRequest request,
      ObjectNode whole,
      List<ServiceAnswer> answers,
      List<Integer> left,
      String error)
      throws IOException {
    var narrowed = whole.deepCopy();
    answers.forEach(answer -> answer.narrow(narrowed));
    for (int i = left.size() - 1; i >= 0; i--) {
      ((ArrayNode) narrowed.get("Statements")).remove(left.get(i));
    }
    int status = OK;
    ObjectNode answer;
    if (!left.isEmpty() && narrowed.get("Statements").isEmpty()) {
      answer = JSON.createObjectNode();
      answer.putArray("Responses");
    } else {
      var passed = passed(request, narrowed);
      status = passed.httpResponse().statusCode();
      byte[] body;
      try (var content = passed.responseBody().orElseThrow()) {
        body = content.readAllBytes();
      }
      if (answers.isEmpty() || isDamaged(body, passed.httpResponse())) {
        return response(passed.httpResponse(), body); // the worker is to see for itself
      }
      answer = (ObjectNode) JSON.readTree(body);
    }
    if (status == OK) {
      for (int place : left) {
        ((ArrayNode) answer.get("Responses"))
            .insertObject(place)
            .set("Error", JSON.readTree(error));
      }
    }
    for (ServiceAnswer one : answers) {
      one.change(whole, answer, random);
    }
    return response(status, JSON.writeValueAsBytes(answer));
  }

  private HttpExecuteResponse passed(HttpExecuteRequest request, ObjectNode body)
      throws IOException {
    var bytes = JSON.writeValueAsBytes(body);
    return local
        .prepareRequest(
            HttpExecuteRequest.builder()
                .request(
                    request
                        .httpRequest()
                        .copy(it -> it.putHeader("Content-Length", Integer.toString(bytes.length))))
                .contentStreamProvider(() -> new ByteArrayInputStream(bytes))
                .build())
        .call();
  }

  private static boolean isDamaged(byte[] body, SdkHttpResponse response) {
    var crc = new CRC32();
    crc.update(body);
    return response
        .firstMatchingHeader("x-amz-crc32")
        .filter(sum -> Long.parseLong(sum) != crc.getValue())
        .isPresent();
  }

  private static HttpExecuteResponse response(int status, byte[] body) {
    return response(
        SdkHttpResponse.builder()
            .statusCode(status)
            .putHeader("Content-Type", "application/x-amz-json-1.0")
            .putHeader("Content-Length", Integer.toString(body.length))
            .build(),
        body);
  }

  private static HttpExecuteResponse response(SdkHttpResponse head, byte[] body) {
    return HttpExecuteResponse.builder()
        .response(head)
        .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body)))
        .build();
  }

  @Override
  public void close() {
    local.close();
  }
}
