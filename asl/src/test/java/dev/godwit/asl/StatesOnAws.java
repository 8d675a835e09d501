package dev.godwit.asl;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.asl.StateQuestion.Expected;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.retries.AdaptiveRetryStrategy;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.InspectionLevel;
import software.amazon.awssdk.services.sfn.model.MockResponseValidationMode;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.TestStateRequest;
import software.amazon.awssdk.services.sfn.model.TestStateResponse;

/**
 * Asks Step Functions' TestState about each state that the tests of the definitions went through,
 * with mocked answers of what it calls, and says where it does otherwise than our engine: the first
 * half of {@code scripts/check-on-aws}, with {@link SpellingOnAws}. Makes nothing.
 *
 * <p>What TestState takes: API reference, TestState, MockInput and TestStateConfiguration (mocks
 * since 2025-11-19); a role is optional with a mock (developer guide, "Testing state machines with
 * TestState API"), and states that call nothing were seen to need none; {@code Map} is refused in a
 * context (captured in localstack's test_state_context_object.snapshot.json). All read 2026-11-26.
 */
final class StatesOnAws {
  /** Standard transitions, us-east-1, list, read 2026-11: docs/aws.md. */
  private static final double DOLLARS_A_TRANSITION = 25e-6;

  private final SfnClient client;
  private final PrintStream out;
  private final Optional<String> role;

  StatesOnAws(SfnClient client, PrintStream out, Optional<String> role) {
    this.client = client;
    this.out = out;
    this.role = role;
  }

  /**
   * @param arguments {@code plan}, {@code requests} or {@code run}, then perhaps a role's ARN
   */
  public static void main(String[] arguments) {
    List<StateQuestion> questions = recorded();
    Optional<String> role =
        Arrays.stream(arguments).skip(1).filter(argument -> !argument.isBlank()).findFirst();
    int exit =
        switch (arguments[0]) {
          case "plan" -> plan(questions, System.out);
          case "requests" -> requests(questions, System.out, role);
          default -> ask(questions, role);
        };
    System.exit(exit);
  }

  private static int ask(List<StateQuestion> questions, Optional<String> role) {
    try (SfnClient client =
        SfnClient.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(
                o ->
                    o.apiCallTimeout(Duration.ofMinutes(5))
                        .retryStrategy(AdaptiveRetryStrategy.builder().maxAttempts(10).build()))
            .build()) {
      int states = new StatesOnAws(client, System.out, role).compare(questions);
      return Math.max(states, new SpellingOnAws(client, System.out).ask(role));
    } catch (SdkException e) {
      System.out.println("Step Functions cannot be asked: " + e.getMessage());
      return 3;
    }
  }

  /** Runs the tests of the definitions, and makes questions of what they went through. */
  static List<StateQuestion> recorded() {
    var tests =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                selectClass(MigrateTableTest.class),
                selectClass(SettleRunTest.class),
                selectClass(SweepRunsTest.class),
                selectClass(CanaryTest.class),
                selectClass(HoldOnAlarmTest.class),
                selectClass(UnusualCharactersTest.class))
            .build();
    var listener = new SummaryGeneratingListener();
    List<StateQuestion> questions =
        HeardVisits.during(() -> LauncherFactory.create().execute(tests, listener));
    if (listener.getSummary().getTotalFailureCount() > 0 || questions.isEmpty()) {
      throw new IllegalStateException("The tests of the definitions do not pass here.");
    }
    return questions;
  }

  static int plan(List<StateQuestion> questions, PrintStream out) {
    out.println("1. The definitions on Step Functions");
    out.printf(
        Locale.ROOT,
        "   %d requests of TestState, one for each way through a state that our tests go, with"
            + " mocked%n   answers. Nothing is made and nothing is called. Permission:"
            + " states:TestState.%n",
        questions.size());
    out.printf(
        Locale.ROOT,
        "   Price: what TestState costs was not found; as Standard transitions, $25 a million"
            + " (us-east-1, read 2026-11),%n   %d x $0.000025 = $%.4f.%n",
        questions.size(),
        questions.size() * DOLLARS_A_TRANSITION);
    SpellingOnAws.plan(out);
    return 0;
  }

  private static int requests(
      List<StateQuestion> questions, PrintStream out, Optional<String> role) {
    for (StateQuestion question : questions) {
      TestStateRequest request = request(question, role);
      out.println("states:TestState " + question.kind());
      out.println("  definition: " + question.machine() + ", state: " + request.stateName());
      out.println("  input: " + request.input());
      out.println("  variables: " + request.variables());
      out.println("  context: " + request.context());
      question.mock().ifPresent(mock -> out.println("  mock: " + mock));
    }
    SpellingOnAws.requests(out, role);
    return 0;
  }

  static TestStateRequest request(StateQuestion question, Optional<String> role) {
    var request =
        TestStateRequest.builder()
            .definition(
                ((ObjectNode) question.definition().deepCopy())
                    .without("ProcessorConfig")
                    .toString())
            .stateName(question.state())
            .input(question.input().toString())
            .variables(question.variables().toString())
            .context(question.context().toString())
            .inspectionLevel(InspectionLevel.DEBUG);
    role.ifPresent(request::roleArn);
    question
        .mock()
        .ifPresent(
            mock ->
                request.mock(
                    input -> {
                      input.fieldValidationMode(MockResponseValidationMode.NONE);
                      mock.result().ifPresent(result -> input.result(result.toString()));
                      mock.error()
                          .ifPresent(
                              error ->
                                  input.errorOutput(
                                      told -> told.error(error.name()).cause(error.cause())));
                    }));
    boolean fails = question.mock().flatMap(StateQuestion.Mock::error).isPresent();
    if (fails || question.items().isPresent()) {
      request.stateConfiguration(
          configuration -> {
            if (fails) {
              configuration.retrierRetryCount(question.retries());
            }
            question.items().ifPresent(items -> configuration.mapItemReaderData(items.toString()));
          });
    }
    return request.build();
  }

  /**
   * Asks everything, and prints a line each.
   *
   * @return 0 when all is as expected, 1 when something differs
   */
  int compare(List<StateQuestion> questions) {
    int different = 0;
    for (StateQuestion question : questions) {
      List<String> differences;
      String raw;
      try {
        TestStateResponse answer = client.testState(request(question, role));
        differences = differences(question.expected(), answer);
        raw = raw(answer);
      } catch (SfnException e) {
        differences = List.of("it was refused");
        raw = e.awsErrorDetails().errorCode() + ": " + e.awsErrorDetails().errorMessage();
      }
      if (differences.isEmpty()) {
        out.println("as expected  " + question.kind());
      } else {
        different++;
        out.println("DIFFERENT    " + question.kind());
        differences.forEach(difference -> out.println("               " + difference));
        out.println("               answered: " + raw);
        out.println("               expected: " + question.expected());
      }
    }
    out.println(questions.size() + " states asked, " + different + " different.");
    return different == 0 ? 0 : 1;
  }

  /** As it came; the SDK's own text leaves out what might be private. */
  private static String raw(TestStateResponse answer) {
    ObjectNode raw = Json.MAPPER.createObjectNode();
    raw.put("status", answer.statusAsString())
        .put("nextState", answer.nextState())
        .put("output", answer.output())
        .put("error", answer.error())
        .put("cause", answer.cause());
    if (answer.inspectionData() != null) {
      raw.put("afterArguments", answer.inspectionData().afterArguments())
          .put("variables", answer.inspectionData().variables());
    }
    return raw.toString();
  }

  private static List<String> differences(Expected expected, TestStateResponse answer) {
    List<String> found = new ArrayList<>();
    compare(found, "status", expected.status().name(), answer.statusAsString());
    compare(
        found,
        "next state",
        expected.next().orElse("none"),
        answer.nextState() == null ? "none" : answer.nextState());
    expected
        .output()
        .ifPresent(output -> compare(found, "output", normal(output), parsed(answer.output())));
    expected
        .error()
        .ifPresent(
            error -> {
              compare(found, "error", error.name(), String.valueOf(answer.error()));
              compare(found, "cause", error.cause(), String.valueOf(answer.cause()));
            });
    var inspected = answer.inspectionData();
    if (inspected != null && inspected.afterArguments() != null) {
      expected
          .arguments()
          .ifPresent(
              arguments ->
                  compare(
                      found, "arguments", normal(arguments), parsed(inspected.afterArguments())));
    }
    String variables = inspected == null ? null : inspected.variables();
    JsonNode after = variables == null ? Json.MAPPER.createObjectNode() : json(variables);
    expected
        .assigned()
        .forEach(
            (name, value) ->
                compare(found, "variable " + name, normal(value), normal(after.path(name))));
    return found;
  }

  private static void compare(List<String> found, String what, String ours, String theirs) {
    if (!ours.equals(theirs)) {
      found.add(what + ": " + theirs + ", and not " + ours);
    }
  }

  private static String parsed(@Nullable String json) {
    return json == null ? "none" : normal(json(json));
  }

  private static JsonNode json(String text) {
    return ScriptedRun.json(text);
  }

  private static String normal(JsonNode value) {
    return Numbers.sorted(Numbers.normal(value)).toString();
  }
}
