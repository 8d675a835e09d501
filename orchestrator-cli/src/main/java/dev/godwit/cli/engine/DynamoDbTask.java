package dev.godwit.cli.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.asl.TaskCall;
import dev.godwit.asl.TaskFailure;
import dev.godwit.asl.TaskPort;
import dev.godwit.cli.table.ServiceCalls;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.worker.wire.ServiceRefused;
import java.io.IOException;
import java.util.Locale;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Tasks of the kind {@code aws-sdk:dynamodb:describeTable}: their arguments and answers are
 * DynamoDB's own JSON, so one port serves every operation.
 *
 * <p>Errors get the names that Step Functions gives them: developer guide, "Learning to use AWS
 * service SDK integrations": the service's name, a dot, the exception; read 2026-11-20.
 */
final class DynamoDbTask implements TaskPort {
  static final String RESOURCE_PREFIX = "aws-sdk:dynamodb:";

  private static final String SERVICE = "DynamoDb.";
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  private final ServiceCalls wire;

  DynamoDbTask(ServiceCalls wire) {
    this.wire = wire;
  }

  @Override
  public JsonNode call(TaskCall call) throws TaskFailure, IOException {
    try {
      var answer = wire.call(operation(call.resource()), JSON.writeValueAsBytes(call.arguments()));
      return JSON.readTree(answer);
    } catch (ServiceRefused e) {
      throw failure(SERVICE + e.code(), e.reason(), e);
    } catch (SdkClientException e) {
      throw failure(SERVICE + "SdkClientException", String.valueOf(e.getMessage()), e);
    }
  }

  /** {@code DescribeTable} of {@code arn:aws:states:::aws-sdk:dynamodb:describeTable}. */
  static String operation(String resource) {
    var name = resource.substring(resource.lastIndexOf(':') + 1);
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  static TaskFailure failure(String error, String message, Exception cause) {
    var failure = new TaskFailure(error, message);
    failure.initCause(cause);
    return failure;
  }
}
