package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * EventBridge's "Step Functions Execution Status Change".
 *
 * <p>Source: Step Functions Developer Guide, "Automating Step Functions event delivery with
 * EventBridge"; read 2026-11-20.
 */
final class StatusChange {
  private StatusChange() {}

  static JsonNode event(ExecutionNames names, ExecutionFolder.State now, RandomGenerator random) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event
        .put("version", "0")
        .put("id", Uuids.next(random))
        .put("detail-type", "Step Functions Execution Status Change")
        .put("source", "aws.states")
        .put("account", ExecutionNames.ACCOUNT)
        .put("time", now.stoppedAt().orElse(now.startedAt()).toString())
        .put("region", ExecutionNames.REGION);
    event.putArray("resources").add(names.executionArn());
    ObjectNode detail = event.putObject("detail");
    detail
        .put("executionArn", names.executionArn())
        .put("stateMachineArn", names.machineArn())
        .put("name", now.name())
        .put("status", now.status().name())
        .put("startDate", now.startedAt().toEpochMilli())
        .put("redriveCount", now.redriveCount());
    detail.put("stopDate", now.stoppedAt().map(Instant::toEpochMilli).orElse(null));
    detail.put("input", now.input().toString());
    detail.putObject("inputDetails").put("included", true);
    detail.put("output", now.output().map(JsonNode::toString).orElse(null));
    detail.put("error", now.error().map(StateError::name).orElse(null));
    detail.put("cause", now.error().map(StateError::cause).orElse(null));
    return event;
  }
}
