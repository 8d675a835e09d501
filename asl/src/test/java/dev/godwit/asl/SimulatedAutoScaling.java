package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** Application Auto Scaling's targets, and what of them is suspended. */
public final class SimulatedAutoScaling {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final Map<String, ObjectNode> targets = new TreeMap<>();

  /** Registers a target of which nothing is suspended. */
  public SimulatedAutoScaling withTarget(String resourceId, String dimension) {
    ObjectNode target =
        JSON.objectNode().put("ResourceId", resourceId).put("ScalableDimension", dimension);
    target
        .putObject("SuspendedState")
        .put("DynamicScalingInSuspended", false)
        .put("DynamicScalingOutSuspended", false)
        .put("ScheduledScalingSuspended", false);
    targets.put(resourceId + " " + dimension, target);
    return this;
  }

  /** All targets, to compare. */
  public String targets() {
    return targets.values().toString();
  }

  /**
   * Carries out one request.
   *
   * @param operation {@code DescribeScalableTargets} or {@code RegisterScalableTarget}
   */
  public synchronized JsonNode call(String operation, JsonNode request) throws TaskFailure {
    return switch (operation) {
      case "DescribeScalableTargets" -> {
        ObjectNode answer = JSON.objectNode();
        ArrayNode found = answer.putArray("ScalableTargets");
        for (ObjectNode target : targets.values()) {
          for (JsonNode id : request.get("ResourceIds")) {
            if (id.equals(target.get("ResourceId"))) {
              found.add(target.deepCopy());
            }
          }
        }
        yield answer;
      }
      case "RegisterScalableTarget" -> {
        ObjectNode target =
            targets.get(
                request.get("ResourceId").textValue()
                    + " "
                    + request.get("ScalableDimension").textValue());
        if (target == null) {
          throw new TaskFailure("ApplicationAutoScaling.ValidationException", "No such target");
        }
        target.set("SuspendedState", request.get("SuspendedState").deepCopy());
        yield JSON.objectNode();
      }
      default -> throw new AssertionError("an operation that is not simulated: " + operation);
    };
  }
}
