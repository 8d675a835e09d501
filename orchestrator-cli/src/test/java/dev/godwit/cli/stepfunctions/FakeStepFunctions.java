package dev.godwit.cli.stepfunctions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Step Functions as its API reference says that it answers (StartExecution, DescribeExecution,
 * StopExecution, RedriveExecution, ListMapRuns, DescribeMapRun, UpdateMapRun; read 2026-11-26). Its
 * executions go on until a test ends them.
 */
final class FakeStepFunctions implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MACHINE = "arn:aws:states:eu-west-1:123456789012:stateMachine:Godwit";
  private static final String EXECUTION = "arn:aws:states:eu-west-1:123456789012:execution:Godwit:";
  private static final int LONGEST_TOKEN = 64;

  private final HttpServer server;
  private final Map<String, Known> executions = new HashMap<>();
  private double clock = 1.7e9;

  private static final class Known {
    String input = "";
    String status = "RUNNING";
    double startDate;
    double stopDate;
    double redriveDate;
    int redriveCount;
    int maxConcurrency = 2;
    int segmentsSucceeded;
    int segmentsFailed;
    String error = "";
    String cause = "";
    final Set<String> tokens = new HashSet<>();
  }

  /** Refused, under this name. */
  private static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String error) {
      super(error);
    }
  }

  FakeStepFunctions() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  URI endpoint() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Ends an execution. */
  synchronized void end(String name, boolean well) {
    var known = known(EXECUTION + name);
    known.status = well ? "SUCCEEDED" : "FAILED";
    known.stopDate = clock++;
    known.error = well ? "" : "States.ExceedToleratedFailureThreshold";
    known.segmentsSucceeded = well ? 2 : 0;
    known.segmentsFailed = well ? 0 : 2;
  }

  private Known known(String arn) {
    var known = executions.get(arn);
    if (known == null) {
      throw new IllegalStateException(arn);
    }
    return known;
  }

  private synchronized void handle(HttpExchange exchange) throws IOException {
    var target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
    var operation = target.substring(target.indexOf('.') + 1);
    int status = 200;
    JsonNode answer;
    try {
      answer = answer(operation, JSON.readTree(exchange.getRequestBody()));
    } catch (Refused e) {
      status = 400;
      answer = JSON.createObjectNode().put("__type", e.getMessage()).put("message", "so it is");
    }
    var bytes = JSON.writeValueAsBytes(answer);
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private ObjectNode answer(String operation, JsonNode request) throws Refused {
    return switch (operation) {
      case "StartExecution" -> start(request);
      case "DescribeExecution" -> describe(asked(request));
      case "StopExecution" -> stop(request);
      case "RedriveExecution" -> redrive(request);
      case "ListMapRuns" -> mapRuns(request);
      case "DescribeMapRun" -> mapRun(request);
      case "UpdateMapRun" -> updateMapRun(request);
      default -> throw new Refused("UnknownOperation");
    };
  }

  private String asked(JsonNode request) throws Refused {
    var arn = request.path("executionArn").asText();
    if (!executions.containsKey(arn)) {
      throw new Refused("ExecutionDoesNotExist");
    }
    return arn;
  }

  private ObjectNode start(JsonNode request) throws Refused {
    var arn = EXECUTION + request.path("name").asText();
    var input = request.path("input").asText();
    var before = executions.get(arn);
    if (before != null && !(before.status.equals("RUNNING") && before.input.equals(input))) {
      throw new Refused("ExecutionAlreadyExists");
    }
    if (before == null) {
      var started = new Known();
      started.input = input;
      started.startDate = clock++;
      executions.put(arn, started);
    }
    return JSON.createObjectNode().put("executionArn", arn).put("startDate", known(arn).startDate);
  }

  private ObjectNode describe(String arn) {
    var known = known(arn);
    var answer =
        JSON.createObjectNode()
            .put("executionArn", arn)
            .put("stateMachineArn", MACHINE)
            .put("name", arn.substring(EXECUTION.length()))
            .put("status", known.status)
            .put("startDate", known.startDate)
            .put("input", known.input)
            .put("redriveCount", known.redriveCount)
            .put(
                "redriveStatus",
                known.status.equals("RUNNING") || known.status.equals("SUCCEEDED")
                    ? "NOT_REDRIVABLE"
                    : "REDRIVABLE");
    if (known.redriveCount > 0) {
      answer.put("redriveDate", known.redriveDate);
    }
    if (!known.status.equals("RUNNING")) {
      answer.put("stopDate", known.stopDate);
    }
    if (!known.error.isEmpty()) {
      answer.put("error", known.error).put("cause", known.cause);
    }
    return answer;
  }

  private ObjectNode stop(JsonNode request) throws Refused {
    var known = known(asked(request));
    if (known.status.equals("RUNNING")) {
      known.status = "ABORTED";
      known.stopDate = clock++;
      known.error = request.path("error").asText();
      known.cause = request.path("cause").asText();
    }
    return JSON.createObjectNode().put("stopDate", known.stopDate);
  }

  private ObjectNode redrive(JsonNode request) throws Refused {
    var known = known(asked(request));
    var token = request.path("clientToken").asText();
    if (token.length() > LONGEST_TOKEN) {
      throw new Refused("ValidationException");
    }
    if (known.tokens.contains(token)) {
      return JSON.createObjectNode().put("redriveDate", known.redriveDate);
    }
    if (known.status.equals("RUNNING") || known.status.equals("SUCCEEDED")) {
      throw new Refused("ExecutionNotRedrivable");
    }
    known.tokens.add(token);
    known.status = "RUNNING";
    known.error = "";
    known.segmentsFailed = 0;
    known.redriveCount++;
    known.redriveDate = clock++;
    return JSON.createObjectNode().put("redriveDate", known.redriveDate);
  }

  private ObjectNode mapRuns(JsonNode request) throws Refused {
    var arn = asked(request);
    var answer = JSON.createObjectNode();
    answer
        .putArray("mapRuns")
        .addObject()
        .put("executionArn", arn)
        .put("mapRunArn", arn.replace("execution:Godwit:", "mapRun:Godwit/Segments:"))
        .put("stateMachineArn", MACHINE)
        .put("startDate", known(arn).startDate);
    return answer;
  }

  private ObjectNode mapRun(JsonNode request) {
    var arn =
        request.path("mapRunArn").asText().replace("mapRun:Godwit/Segments:", "execution:Godwit:");
    var known = known(arn);
    var answer =
        JSON.createObjectNode()
            .put("mapRunArn", request.path("mapRunArn").asText())
            .put("executionArn", arn)
            .put("status", known.status.equals("RUNNING") ? "RUNNING" : known.status)
            .put("maxConcurrency", known.maxConcurrency)
            .put("startDate", known.startDate);
    answer
        .putObject("itemCounts")
        .put("pending", 0)
        .put("running", 2 - known.segmentsSucceeded - known.segmentsFailed)
        .put("succeeded", known.segmentsSucceeded)
        .put("failed", known.segmentsFailed)
        .put("timedOut", 0)
        .put("aborted", 0)
        .put("total", 2)
        .put("resultsWritten", 0);
    return answer;
  }

  /** Answers with an empty body: API reference, UpdateMapRun; read 2026-11-26. */
  private ObjectNode updateMapRun(JsonNode request) {
    var arn =
        request.path("mapRunArn").asText().replace("mapRun:Godwit/Segments:", "execution:Godwit:");
    known(arn).maxConcurrency = request.path("maxConcurrency").intValue();
    return JSON.createObjectNode();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
