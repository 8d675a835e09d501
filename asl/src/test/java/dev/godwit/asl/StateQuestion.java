package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * What Step Functions' TestState can be asked about one attempt of one state, and what our engine
 * did there.
 *
 * @param machine the name of the definition
 * @param definition in which the state is: the whole one, or that of a Map's children
 * @param variables that were assigned before
 * @param context {@code $states.context}, without {@code Map}, which TestState does not take
 * @param mock the answer of what the state calls; none for states that call nothing
 * @param retries that were made before, for the same error
 * @param items what an item reader would read; empty where there is none
 */
record StateQuestion(
    String machine,
    String state,
    JsonNode definition,
    JsonNode input,
    ObjectNode variables,
    ObjectNode context,
    Optional<Mock> mock,
    int retries,
    Optional<JsonNode> items,
    Expected expected) {

  /** A result, or else an error. */
  record Mock(Optional<JsonNode> result, Optional<StateError> error) {
    static Mock result(JsonNode result) {
      return new Mock(Optional.of(result), Optional.empty());
    }
  }

  /** A status as TestState tells it. */
  enum Status {
    SUCCEEDED,
    FAILED,
    RETRIABLE,
    CAUGHT_ERROR
  }

  /**
   * What our engine did.
   *
   * @param next empty at an end
   * @param output empty where the state was not left
   * @param assigned the variables that the state assigned
   * @param arguments what it called with
   * @param error of a state that failed
   */
  record Expected(
      Status status,
      Optional<String> next,
      Optional<JsonNode> output,
      Map<String, JsonNode> assigned,
      Optional<JsonNode> arguments,
      Optional<StateError> error) {}

  /** Where it is and what came of it: of equal ones, one tells as much as many. */
  String kind() {
    return machine
        + " · "
        + state
        + " · "
        + expected.status()
        + expected.next().map(next -> " → " + next).orElse("")
        + mock.flatMap(Mock::error).map(error -> " (" + error.name() + ")").orElse("");
  }
}
