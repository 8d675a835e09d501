package dev.godwit.cli.engine;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.asl.TaskCall;
import dev.godwit.asl.TaskPort;
import dev.godwit.migration.DynamoDbJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;

/**
 * Tasks of the kind {@code lambda:invoke}: the very handler that Lambda calls, in this process. A
 * call that nobody needs any more, because its run is stopped or its Map has failed, has no time
 * left.
 */
final class WorkerTask implements TaskPort {
  static final String RESOURCE_PREFIX = "lambda:invoke";

  /** The function's only version. */
  static final String VERSION = "$LATEST";

  /** Makes and deletes a function's aliases: the function here is this process's own. */
  static final TaskPort NO_ALIASES = call -> JsonNodeFactory.instance.objectNode();

  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  private final RequestStreamHandler handler;

  WorkerTask(RequestStreamHandler handler) {
    this.handler = handler;
  }

  @Override
  public JsonNode call(TaskCall call) throws Exception {
    var payload = JSON.writeValueAsBytes(call.arguments().get("Payload"));
    var out = new ByteArrayOutputStream();
    handler.handleRequest(
        new ByteArrayInputStream(payload), out, new LocalContext(call::cancelled));
    return JsonNodeFactory.instance
        .objectNode()
        .put("StatusCode", 200)
        .put("ExecutedVersion", VERSION)
        .set("Payload", JSON.readTree(out.toByteArray()));
  }
}
