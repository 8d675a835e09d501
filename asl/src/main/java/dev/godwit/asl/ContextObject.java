package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What stays the same in {@code $states.context} of one execution.
 *
 * <p>Source: Step Functions Developer Guide, "Accessing execution data from the Context object";
 * read 2026-11-20.
 */
final class ContextObject {
  static final String ROLE_ARN = "arn:aws:iam::" + ExecutionNames.ACCOUNT + ":role/godwit-local";

  private ContextObject() {}

  static JsonNode of(
      ExecutionNames names,
      JsonNode input,
      Instant startedAt,
      int redriveCount,
      Optional<Instant> redrivenAt) {
    ObjectNode context = JsonNodeFactory.instance.objectNode();
    ObjectNode execution = context.putObject("Execution");
    execution.put("Id", names.executionArn());
    execution.set("Input", input);
    execution
        .put("Name", names.execution())
        .put("RoleArn", ROLE_ARN)
        .put("StartTime", startedAt.toString())
        .put("RedriveCount", redriveCount);
    redrivenAt.ifPresent(at -> execution.put("RedriveTime", at.toString()));
    context.putObject("StateMachine").put("Id", names.machineArn()).put("Name", names.machine());
    return context;
  }
}
