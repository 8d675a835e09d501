package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.asl.Evaluations.Evaluation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Every expression of the definitions, on what they were evaluated with in the tests of the
 * definitions, by JSONata's own implementation in the version that Step Functions has: it has to
 * answer what our engine answered.
 */
class IndependentJsonataIT {
  private static final NodeScript JSONATA = new NodeScript("evaluate.mjs");

  /** Their answers are another each time. */
  private static final List<String> RANDOM = List.of("$random(", "$uuid(");

  private static List<Evaluation> evaluations;

  @BeforeAll
  static void recordTheTestsOfTheDefinitions() {
    LauncherDiscoveryRequest tests =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                selectClass(MigrateTableTest.class),
                selectClass(SettleRunTest.class),
                selectClass(SweepRunsTest.class),
                selectClass(CanaryTest.class),
                selectClass(HoldOnAlarmTest.class),
                selectClass(UnusualCharactersTest.class),
                selectClass(LifecycleTest.class))
            .build();
    var listener = new SummaryGeneratingListener();
    evaluations = Evaluations.during(() -> LauncherFactory.create().execute(tests, listener)).all();
    assertThat(listener.getSummary().getTotalFailureCount()).isZero();
  }

  @Test
  void definitions_everyExpression_wasEvaluatedInATest() {
    Set<String> evaluated =
        evaluations.stream().map(Evaluation::expression).collect(Collectors.toSet());

    assertThat(expressionsOfTheDefinitions()).isNotEmpty().isSubsetOf(evaluated);
  }

  @Test
  void definitions_everyExpression_isAnsweredAsByJsonatasOwnImplementation() throws Exception {
    Set<String> theirs = expressionsOfTheDefinitions();
    List<Evaluation> asked =
        evaluations.stream()
            .filter(evaluation -> theirs.contains(evaluation.expression()))
            .filter(evaluation -> RANDOM.stream().noneMatch(evaluation.expression()::contains))
            .toList();

    assertThat(asked).isNotEmpty();
    assertThat(differences(asked)).isEmpty();
  }

  @Test
  void functions_everyExampleOfTheTable_isAsJsonatasOwnImplementationAnswers() throws Exception {
    List<Evaluation> examples = new ArrayList<>();
    for (var function : FunctionsTest.functions().properties()) {
      for (JsonNode example : function.getValue()) {
        examples.add(
            new Evaluation(
                Evaluations.question(
                    example.get("expression").textValue(),
                    JsonNodeFactory.instance.objectNode(),
                    Map.of()),
                Optional.ofNullable(example.get("answer"))));
      }
    }

    assertThat(examples).isNotEmpty();
    assertThat(differences(examples)).isEmpty();
  }

  private static Set<String> expressionsOfTheDefinitions() {
    Set<String> all = new TreeSet<>();
    for (String name : Definitions.ALL) {
      JsonNode definition =
          ScriptedRun.json(
              Definitions.substitute(name, Definitions.text(name), ScriptedRun.SUBSTITUTIONS));
      FunctionsTest.expressions(definition)
          .forEach(text -> all.add(text.substring(2, text.length() - 2).strip()));
    }
    return all;
  }

  /** What was answered otherwise, the first of each expression. */
  private static Map<String, String> differences(List<Evaluation> asked) throws Exception {
    String questions =
        asked.stream()
            .map(evaluation -> evaluation.question() + "\n")
            .collect(Collectors.joining());
    List<String> answers = JSONATA.lines(questions);
    assertThat(answers).hasSameSizeAs(asked);
    Map<String, String> differences = new LinkedHashMap<>();
    for (int i = 0; i < asked.size(); i++) {
      Evaluation evaluation = asked.get(i);
      JsonNode answer = ScriptedRun.json(answers.get(i));
      boolean shuffled = evaluation.expression().contains("$shuffle(");
      String theirs = answer.has("value") ? comparable(answer.get("value"), shuffled) : "fails";
      String ours = evaluation.answer().map(value -> comparable(value, shuffled)).orElse("fails");
      if (!ours.equals(theirs)) {
        differences.putIfAbsent(
            evaluation.expression(),
            "ours: "
                + ours
                + ", JSONata's own: "
                + (theirs.equals("fails") ? answer : theirs)
                + ", asked with: "
                + evaluation.question());
      }
    }
    return differences;
  }

  private static String comparable(JsonNode value, boolean shuffled) {
    JsonNode normal = Numbers.normal(value);
    if (!shuffled) {
      return Numbers.sorted(normal).toString();
    }
    List<JsonNode> elements = new ArrayList<>();
    normal.forEach(elements::add);
    elements.sort(Comparator.comparing(JsonNode::toString));
    return elements.toString();
  }
}
