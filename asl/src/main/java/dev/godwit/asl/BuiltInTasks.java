package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.stream.Stream;

/**
 * The calls that the engine answers itself, from what it already has, unless a builder registers
 * something else for them: what the definitions need of S3 and of Step Functions.
 */
final class BuiltInTasks {
  /** Source: Amazon S3 API Reference, ListObjectsV2, MaxKeys; read 2026-11-20. */
  private static final int MOST_KEYS = 1000;

  private BuiltInTasks() {}

  /** {@code aws-sdk:s3:listObjectsV2} with {@code Bucket}, {@code Prefix}, {@code MaxKeys}. */
  static TaskPort listObjects(ObjectStore objects) {
    return call -> {
      JsonNode arguments = call.arguments();
      String bucket = arguments.path("Bucket").asText();
      int most = Math.min(arguments.path("MaxKeys").asInt(MOST_KEYS), MOST_KEYS);
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      ArrayNode contents = JsonNodeFactory.instance.arrayNode();
      try (Stream<ObjectStore.Listed> listed =
          objects.list(bucket, arguments.path("Prefix").asText(""))) {
        Iterator<ObjectStore.Listed> all = listed.iterator();
        while (all.hasNext() && contents.size() < most) {
          ObjectStore.Listed one = all.next();
          contents.addObject().put("Key", one.key()).put("Size", one.bytes());
        }
        answer.put("IsTruncated", all.hasNext());
      } catch (IOException e) {
        throw new TaskFailure("S3.SdkClientException", String.valueOf(e));
      }
      answer.put("KeyCount", contents.size()).put("Name", bucket);
      if (!contents.isEmpty()) {
        answer.set("Contents", contents);
      }
      return answer;
    };
  }

  /** {@code aws-sdk:sfn:describeExecution}, for the executions in an engine's home folder. */
  static TaskPort describeExecution(Path executions) {
    return call -> {
      String arn = call.arguments().path("ExecutionArn").asText();
      ExecutionFolder.State state =
          ExecutionNames.executionOf(arn)
              .map(name -> new ExecutionFolder(executions.resolve(name)))
              .filter(ExecutionFolder::exists)
              .map(ExecutionFolder::read)
              .filter(found -> found.names().executionArn().equals(arn))
              .orElseThrow(
                  () ->
                      new TaskFailure(
                          "Sfn.ExecutionDoesNotExistException",
                          "Execution Does Not Exist: '" + arn + "'"));
      ExecutionNames names = state.names();
      ObjectNode answer =
          JsonNodeFactory.instance
              .objectNode()
              .put("ExecutionArn", names.executionArn())
              .put("Name", state.name())
              .put("StateMachineArn", names.machineArn())
              .put("Status", state.status().name())
              .put("StartDate", state.startedAt().toString())
              .put("RedriveCount", state.redriveCount());
      state.redrivenAt().ifPresent(at -> answer.put("RedriveDate", at.toString()));
      state.stoppedAt().ifPresent(at -> answer.put("StopDate", at.toString()));
      return answer;
    };
  }
}
