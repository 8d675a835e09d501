package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Hears of each expression that is evaluated, so that another JSONata can be asked the same. */
@FunctionalInterface
interface EvaluationListener {
  /** Hears nothing. */
  EvaluationListener NONE = (expression, seen, value) -> {};

  /**
   * @param value empty where the expression failed
   */
  void evaluated(Expression expression, Bindings seen, Optional<JsonNode> value);
}
