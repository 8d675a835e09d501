package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpServer;
import dev.godwit.servicemodels.AwsRequests;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sfn.SfnClient;

/** {@link StatesOnAws} against one who answers as our engine did, or does not. */
class StatesOnAwsTest {
  /** Members that TestState has had since November 2025: AWS's models for Java 1 end before. */
  private static final Set<String> NEWER =
      Set.of("stateName", "variables", "context", "mock", "stateConfiguration");

  /** API reference, TestState, MockInput, TestStateConfiguration; read 2026-11-26. */
  private static final int LONGEST = 262_144;

  private static List<StateQuestion> questions;

  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final List<AssertionError> refused = new ArrayList<>();
  private List<StateQuestion> expected = List.of();
  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;
  private UnaryOperator<String> answers = UnaryOperator.identity();

  @BeforeAll
  static void record() {
    questions = StatesOnAws.recorded();
  }

  @BeforeEach
  void serve() throws IOException {
    expected = questions;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          JsonNode body = Json.MAPPER.readTree(exchange.getRequestBody().readAllBytes());
          try {
            check(exchange.getRequestHeaders().getFirst("X-Amz-Target"), body);
          } catch (AssertionError e) {
            refused.add(e);
          }
          StateQuestion question = expected.get(asked.getAndIncrement());
          assertThat(body.get("stateName").asText()).isEqualTo(question.state());
          String answer = answers.apply(answer(question).toString());
          byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
          exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
          exchange.sendResponseHeaders(answer.contains("__type") ? 400 : 200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
    assertThat(refused).isEmpty();
  }

  private static void check(String target, JsonNode body) {
    for (String name : List.of("input", "context", "variables", "definition")) {
      assertThat(body.path(name).asText().length()).as(name).isLessThanOrEqualTo(LONGEST);
    }
    assertThat(body.at("/mock/result").asText().length()).isLessThanOrEqualTo(LONGEST);
    assertThat(body.at("/mock/errorOutput/error").asText().length()).isLessThanOrEqualTo(256);
    assertThat(body.at("/mock/errorOutput/cause").asText().length()).isLessThanOrEqualTo(32_768);
    assertThat(Json.MAPPER.convertValue(body.path("context"), String.class))
        .doesNotContain("Map\"");
    assertThat(body.at("/stateName").asText()).hasSizeBetween(1, 80);
    ObjectNode older = ((ObjectNode) body.deepCopy()).without(NEWER);
    older.put("roleArn", "arn:aws:iam::123456789012:role/optional-since");
    AwsRequests.checkCall(target, older);
  }

  /** What our engine did, in TestState's words. */
  private static ObjectNode answer(StateQuestion question) {
    StateQuestion.Expected expected = question.expected();
    ObjectNode answer = Json.MAPPER.createObjectNode().put("status", expected.status().name());
    expected.next().ifPresent(next -> answer.put("nextState", next));
    expected.output().ifPresent(output -> answer.put("output", output.toString()));
    expected.error().ifPresent(e -> answer.put("error", e.name()).put("cause", e.cause()));
    ObjectNode inspected = answer.putObject("inspectionData");
    expected.arguments().ifPresent(a -> inspected.put("afterArguments", a.toString()));
    ObjectNode variables = question.variables().deepCopy();
    variables.setAll(expected.assigned());
    inspected.put("variables", variables.toString());
    return answer;
  }

  private int compare() {
    try (SfnClient client =
        SfnClient.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .endpointOverride(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
            .region(Region.EU_WEST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
            // TestState is asked under a host name of its own.
            .overrideConfiguration(
                o ->
                    o.putAdvancedOption(
                        software.amazon.awssdk.core.client.config.SdkAdvancedClientOption
                            .DISABLE_HOST_PREFIX_INJECTION,
                        true))
            .build()) {
      return new StatesOnAws(
              client, new PrintStream(told, true, StandardCharsets.UTF_8), Optional.empty())
          .compare(expected);
    }
  }

  private static List<StateQuestion> some() {
    Set<String> states = Set.of("Read the lease", "Free?", "Prewarm?");
    return questions.stream()
        .filter(question -> question.machine().equals(Definitions.MIGRATE_TABLE))
        .filter(question -> states.contains(question.state()))
        .toList();
  }

  private String told() {
    return told.toString(StandardCharsets.UTF_8);
  }

  @Test
  void recorded_theTestsOfTheDefinitions_goThroughEveryStateButThoseThatWait() {
    Set<String> asked = new TreeSet<>();
    questions.forEach(question -> asked.add(question.state()));

    Set<String> states = new TreeSet<>();
    for (String name : Definitions.ALL) {
      states(ScriptedRun.json(Definitions.text(name)), states);
    }
    // It only passes on what the Parallel before it gave, and was seen only among several at once.
    states.remove("In trouble");
    assertThat(asked).isEqualTo(states);
  }

  private static void states(JsonNode node, Set<String> found) {
    node.path("States")
        .properties()
        .forEach(
            state -> {
              if (!state.getValue().get("Type").asText().equals("Wait")) {
                found.add(state.getKey());
              }
            });
    node.forEach(child -> states(child, found));
  }

  @Test
  void compare_answersAreThoseOfOurEngine_isAsExpected() {
    assertThat(compare()).as(told()).isZero();
    assertThat(told())
        .contains("as expected  migrate-table · Free? · SUCCEEDED → Open the run")
        .contains(questions.size() + " states asked, 0 different.")
        .doesNotContain("DIFFERENT");
  }

  @Test
  void compare_anotherNextState_isToldWithTheRawAnswer() {
    expected = some();
    answers = answer -> answer.replace("\"nextState\":\"Open the run\"", "\"nextState\":\"Done\"");

    assertThat(compare()).isEqualTo(1);
    assertThat(told())
        .contains("DIFFERENT    migrate-table · Free? · SUCCEEDED → Open the run")
        .contains("next state: Done, and not Open the run")
        .contains("answered: {\"status\":\"SUCCEEDED\",\"nextState\":\"Done\"");
  }

  @Test
  void compare_anotherVariableOrOutputOrArgument_isTold() {
    expected = some();
    answers =
        answer -> answer.replace("\\\"fence\\\":1", "\\\"fence\\\":2").replace("Cities", "Citie");

    assertThat(compare()).isEqualTo(1);
    assertThat(told())
        .contains("variable fence: 2.0, and not 1.0")
        .contains("output: ")
        .contains("arguments: ");
  }

  @Test
  void compare_aRefusal_isToldWithItsWords() {
    expected = some();
    answers =
        answer ->
            answer.contains("\"nextState\":\"Migrate segments\"")
                ? "{\"__type\": \"ValidationException\", \"message\": \"Field 'RedriveCount' is not allowed\"}"
                : answer;

    assertThat(compare()).isEqualTo(1);
    assertThat(told())
        .contains("it was refused")
        .contains("answered: ValidationException: Field 'RedriveCount' is not allowed");
  }

  @Test
  void plan_saysWhatItAsksAndWhatThatMayCost() {
    StatesOnAws.plan(questions, new PrintStream(told, true, StandardCharsets.UTF_8));

    assertThat(told())
        .contains(questions.size() + " requests of TestState")
        .contains("Nothing is made")
        .contains(" x $0.000025 = $0.0");
  }
}
