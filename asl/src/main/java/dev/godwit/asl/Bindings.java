package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What an expression can see: {@code $states} and the variables in scope.
 *
 * <p>The context object is made only when an expression asks for it: most do not, and it holds the
 * execution's whole input. Belongs to one flow, whose steps follow one another.
 */
final class Bindings {
  private final Map<String, @Nullable Object> states;
  private final Supplier<? extends JsonNode> context;
  private final Map<String, JsonNode> variables;
  private final RandomGenerator random;
  private final EvaluationListener evaluations;

  private Bindings(
      Map<String, @Nullable Object> states,
      Supplier<? extends JsonNode> context,
      Map<String, JsonNode> variables,
      RandomGenerator random,
      EvaluationListener evaluations) {
    this.states = states;
    this.context = context;
    this.variables = variables;
    this.random = random;
    this.evaluations = evaluations;
  }

  static Bindings of(
      JsonNode input,
      Supplier<? extends JsonNode> context,
      Map<String, JsonNode> variables,
      RandomGenerator random,
      EvaluationListener evaluations) {
    Map<String, @Nullable Object> states = new LinkedHashMap<>();
    states.put("input", JsonataValues.toJava(input));
    return new Bindings(states, context, variables, random, evaluations);
  }

  Bindings withResult(JsonNode result) {
    return with("result", result);
  }

  Bindings withErrorOutput(JsonNode errorOutput) {
    return with("errorOutput", errorOutput);
  }

  Bindings withContext(JsonNode other) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(states);
    more.remove("context");
    return new Bindings(more, () -> other, variables, random, evaluations);
  }

  private Bindings with(String name, JsonNode value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(states);
    more.put(name, JsonataValues.toJava(value));
    return new Bindings(more, context, variables, random, evaluations);
  }

  /** The value of {@code $states}; without {@code context} perhaps, if that is not needed. */
  Map<String, @Nullable Object> states(boolean contextNeeded) {
    if (contextNeeded && !states.containsKey("context")) {
      states.put("context", JsonataValues.toJava(context.get()));
    }
    return states;
  }

  Map<String, JsonNode> variables() {
    return variables;
  }

  RandomGenerator random() {
    return random;
  }

  EvaluationListener evaluations() {
    return evaluations;
  }
}
