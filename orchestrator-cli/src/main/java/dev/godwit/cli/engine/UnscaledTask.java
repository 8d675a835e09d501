package dev.godwit.cli.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.asl.TaskCall;
import dev.godwit.asl.TaskFailure;
import dev.godwit.asl.TaskPort;

/**
 * Application Auto Scaling where there is none: in front of a DynamoDB that is not AWS's own. No
 * table is scaled there.
 */
final class UnscaledTask implements TaskPort {
  @Override
  public JsonNode call(TaskCall call) throws TaskFailure {
    if (!call.resource().endsWith(":describeScalableTargets")) {
      throw new TaskFailure(
          "ApplicationAutoScaling.ObjectNotFoundException",
          "There is no auto scaling at this endpoint.");
    }
    var answer = JsonNodeFactory.instance.objectNode();
    answer.putArray("ScalableTargets");
    return answer;
  }
}
