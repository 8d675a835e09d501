package dev.godwit.cli.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.asl.TaskCall;
import dev.godwit.asl.TaskFailure;
import dev.godwit.asl.TaskPort;
import dev.godwit.cli.table.ServiceCalls;
import dev.godwit.worker.wire.ServiceRefused;
import java.io.IOException;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Tasks of the kind {@code aws-sdk:applicationautoscaling:describeScalableTargets}. */
final class AutoScalingTask implements TaskPort {
  static final String RESOURCE_PREFIX = "aws-sdk:applicationautoscaling:";

  private static final String SERVICE = "ApplicationAutoScaling.";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Optional<ServiceCalls> wire;

  /**
   * A port to auto scaling.
   *
   * @param wire empty where there is none; then no table is scaled
   */
  AutoScalingTask(Optional<ServiceCalls> wire) {
    this.wire = wire;
  }

  @Override
  public JsonNode call(TaskCall call) throws TaskFailure, IOException {
    var operation = DynamoDbTask.operation(call.resource());
    if (wire.isEmpty()) {
      return unscaled(operation);
    }
    try {
      return JSON.readTree(wire.get().call(operation, JSON.writeValueAsBytes(call.arguments())));
    } catch (ServiceRefused e) {
      throw DynamoDbTask.failure(SERVICE + e.code(), e.reason(), e);
    } catch (SdkClientException e) {
      throw DynamoDbTask.failure(SERVICE + "SdkClientException", String.valueOf(e.getMessage()), e);
    }
  }

  private static JsonNode unscaled(String operation) throws TaskFailure {
    if (!operation.equals("DescribeScalableTargets")) {
      throw new TaskFailure(
          SERVICE + "ObjectNotFoundException", "There is no auto scaling at this endpoint.");
    }
    var answer = JSON.createObjectNode();
    answer.putArray("ScalableTargets");
    return answer;
  }
}
