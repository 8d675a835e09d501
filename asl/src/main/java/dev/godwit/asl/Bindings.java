package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What an expression can see: {@code $states} and the variables in scope. Immutable. */
final class Bindings {
  private final Map<String, @Nullable Object> states;
  private final Map<String, JsonNode> variables;
  private final RandomGenerator random;

  private Bindings(
      Map<String, @Nullable Object> states,
      Map<String, JsonNode> variables,
      RandomGenerator random) {
    this.states = states;
    this.variables = variables;
    this.random = random;
  }

  static Bindings of(
      JsonNode input, JsonNode context, Map<String, JsonNode> variables, RandomGenerator random) {
    Map<String, @Nullable Object> states = new LinkedHashMap<>();
    states.put("input", JsonataValues.toJava(input));
    states.put("context", JsonataValues.toJava(context));
    return new Bindings(states, variables, random);
  }

  Bindings withResult(JsonNode result) {
    return with("result", result);
  }

  Bindings withErrorOutput(JsonNode errorOutput) {
    return with("errorOutput", errorOutput);
  }

  Bindings withContext(JsonNode context) {
    return with("context", context);
  }

  private Bindings with(String name, JsonNode value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(states);
    more.put(name, JsonataValues.toJava(value));
    return new Bindings(more, variables, random);
  }

  Map<String, @Nullable Object> states() {
    return states;
  }

  Map<String, JsonNode> variables() {
    return variables;
  }

  RandomGenerator random() {
    return random;
  }
}
