package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

/** What an ending is called. */
final class Endings {
  private Endings() {}

  static ExecutionStatus status(Ending ending) {
    if (ending instanceof Ending.Succeeded) {
      return ExecutionStatus.SUCCEEDED;
    }
    return ending instanceof Ending.Failed ? ExecutionStatus.FAILED : ExecutionStatus.ABORTED;
  }

  /** The end of an event's name: {@code Succeeded}, {@code Failed}, {@code Aborted}. */
  static String word(Ending ending) {
    return ending.getClass().getSimpleName();
  }

  static JsonNode details(Ending ending) {
    return ending instanceof Ending.Failed failed
        ? failed.error().json()
        : JsonNodeFactory.instance.objectNode();
  }
}
