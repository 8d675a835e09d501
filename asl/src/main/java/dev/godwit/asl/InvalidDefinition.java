package dev.godwit.asl;

import java.util.List;

/** A definition that is wrong, or that asks for what this engine does not have. */
public final class InvalidDefinition extends RuntimeException {
  private final transient List<String> problems;

  InvalidDefinition(String machine, List<String> problems) {
    super(
        "The definition '" + machine + "' cannot be run:\n  - " + String.join("\n  - ", problems));
    this.problems = List.copyOf(problems);
  }

  /** One sentence each, naming the state and the field. */
  public List<String> problems() {
    return problems;
  }
}
