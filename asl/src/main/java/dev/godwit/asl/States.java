package dev.godwit.asl;

import java.util.Map;
import java.util.Optional;

/**
 * States and where to begin: a whole machine, a branch, or what a Map runs for each item.
 *
 * @param states in the order of the definition
 * @param timeout of the whole; only a machine has one
 */
record States(String startAt, Map<String, State> states, Optional<Template> timeout) {
  State state(String name) {
    State state = states.get(name);
    if (state == null) {
      throw new StateFailure(ErrorNames.RUNTIME, "There is no state '" + name + "'.");
    }
    return state;
  }
}
