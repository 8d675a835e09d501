package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What expressions were asked, and what our engine answered: each question once, at most {@value
 * #EACH} for one expression.
 */
final class Evaluations implements EvaluationListener {
  private static final int EACH = 100;

  /** Engines of other tests are made before anybody could hand them this. */
  private static volatile EvaluationListener hears = EvaluationListener.NONE;

  /** One question, and our answer to it; none where the expression failed. */
  record Evaluation(JsonNode question, Optional<JsonNode> answer) {
    String expression() {
      return question.get("expression").textValue();
    }
  }

  private final Map<String, Map<String, Evaluation>> byExpression = new LinkedHashMap<>();

  /** For engines in tests: tells whoever listens while it is asked. */
  static EvaluationListener heard() {
    return (expression, seen, value) -> hears.evaluated(expression, seen, value);
  }

  /** All that was evaluated during {@code work}, by the engines of this process's tests. */
  static Evaluations during(Runnable work) {
    var evaluations = new Evaluations();
    hears = evaluations;
    try {
      work.run();
    } finally {
      hears = EvaluationListener.NONE;
    }
    return evaluations;
  }

  static ObjectNode question(String expression, JsonNode states, Map<String, JsonNode> variables) {
    ObjectNode question = JsonNodeFactory.instance.objectNode();
    question.put("expression", expression);
    question.set("states", states);
    question.putObject("variables").setAll(variables);
    return question;
  }

  @Override
  public synchronized void evaluated(
      Expression expression, Bindings seen, Optional<JsonNode> value) {
    Map<String, Evaluation> asked =
        byExpression.computeIfAbsent(expression.text(), text -> new LinkedHashMap<>());
    if (asked.size() < EACH) {
      JsonNode states = JsonataValues.toJson(expression.statesSeen(seen));
      ObjectNode question = question(expression.text(), states, expression.variablesSeen(seen));
      asked.putIfAbsent(question.toString(), new Evaluation(question, value));
    }
  }

  synchronized List<Evaluation> all() {
    List<Evaluation> all = new ArrayList<>();
    byExpression.values().forEach(asked -> all.addAll(asked.values()));
    return all;
  }
}
