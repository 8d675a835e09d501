package dev.godwit.servicemodels;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Checks requests that a test has seen against AWS's own models of the services: names, members
 * that are required, types, lengths, ranges and patterns. What a service checks beyond its model,
 * as the meaning of an expression, is not seen here.
 */
public final class AwsRequests {
  private static final String TASK = ":states:::";
  private static final String SDK = "aws-sdk:";

  /** The beginnings of the header X-Amz-Target, which says what is called. */
  private static final Map<String, String> SERVICES =
      Map.of(
          "AWSStepFunctions", "sfn",
          "DynamoDB_20120810", "dynamodb",
          "AnyScaleFrontendService", "applicationautoscaling");

  /** Services of which there is no model here. */
  private static final Set<String> UNKNOWN = Set.of("s3");

  private AwsRequests() {}

  /**
   * Checks what a task of a state machine calls a service with.
   *
   * @param resource the task's, as in {@code arn:aws:states:::aws-sdk:dynamodb:getItem}
   * @param arguments with the names that Step Functions wants: each begins with a capital letter
   * @throws AssertionError when the service would refuse it; the message says why
   */
  public static void checkTask(String resource, JsonNode arguments) {
    var call = resource.substring(resource.indexOf(TASK) + TASK.length());
    var parts = (call.startsWith(SDK) ? call.substring(SDK.length()) : call).split(":", -1);
    if (UNKNOWN.contains(parts[0])) {
      return;
    }
    var complaints =
        ServiceModel.of(parts[0]).complaints(capital(parts[1]), arguments, Names.OF_STATE_MACHINES);
    refuse(resource, complaints, arguments);
  }

  /**
   * Checks a call as it goes over the wire to a service that speaks JSON.
   *
   * @param target the value of the header X-Amz-Target
   * @throws AssertionError when the service would refuse it; the message says why
   */
  public static void checkCall(String target, JsonNode body) {
    int dot = target.indexOf('.');
    var service = SERVICES.get(target.substring(0, dot));
    if (service == null) {
      throw new AssertionError("No model is known for " + target);
    }
    var complaints =
        ServiceModel.of(service).complaints(target.substring(dot + 1), body, Names.OF_THE_WIRE);
    refuse(target, complaints, body);
  }

  /**
   * Checks a call as it goes over the wire to a service that tells its operations by method and
   * path, as Lambda does.
   *
   * @param service its name in Step Functions' resources
   * @param path without a query
   * @param body empty when there is none; of an operation whose body is not JSON's, {@code {}}
   * @return the operation that it is
   * @throws AssertionError when the service would refuse it; the message says why
   */
  public static String checkRest(String service, String method, String path, JsonNode body) {
    var model = ServiceModel.of(service);
    var call = model.call(method, path, body);
    if (call.isEmpty()) {
      throw new AssertionError(
          "The service " + service + " has no operation " + method + " " + path);
    }
    var request = call.get();
    refuse(
        request.operation(),
        model.complaints(request.operation(), request.members(), Names.OF_THE_WIRE),
        request.members());
    return request.operation();
  }

  private static void refuse(String what, List<String> complaints, JsonNode request) {
    if (!complaints.isEmpty()) {
      throw new AssertionError(
          "AWS would refuse " + what + ": " + String.join("; ", complaints) + ", in " + request);
    }
  }

  private static String capital(String name) {
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }
}
