package dev.godwit.asl;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** An error name and its cause: the States Language's Error Output. */
record StateError(String name, String cause) {
  /** Source: Step Functions API Reference, SensitiveError and SensitiveCause; read 2026-11-20. */
  private static final int NAME_CHARACTERS = 256;

  private static final int CAUSE_CHARACTERS = 32_768;

  StateError {
    name = name.length() > NAME_CHARACTERS ? name.substring(0, NAME_CHARACTERS) : name;
    cause = cause.length() > CAUSE_CHARACTERS ? cause.substring(0, CAUSE_CHARACTERS) : cause;
  }

  ObjectNode json() {
    return JsonNodeFactory.instance.objectNode().put("Error", name).put("Cause", cause);
  }

  @Override
  public String toString() {
    return name + ": " + cause;
  }
}
