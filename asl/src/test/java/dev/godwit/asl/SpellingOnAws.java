package dev.godwit.asl;

import java.io.PrintStream;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.TestStateRequest;
import software.amazon.awssdk.services.sfn.model.TestStateResponse;

/**
 * Asks whether requests of Step Functions to DynamoDB take the names of types that the definitions
 * write, {@code BOOL} and {@code NS}, or those that answers were seen with, {@code Bool} and {@code
 * Ns} ({@link SimulatedDynamoDb#call}). AWS's guide says that parameters are in PascalCase
 * ("Passing parameters to a service API in Step Functions"); of these names nothing was found, read
 * 2026-11-26.
 *
 * <p>A mock would answer whatever is asked. So this is a real request, of a table that is not
 * there: DynamoDB looks at the values before it looks for the table, and says so of one that has
 * come to it empty. It reads and makes nothing.
 */
final class SpellingOnAws {
  static final String TABLE = "godwit-check-not-there";

  private static final String NOT_ASKED =
      "not asked    how requests to DynamoDB spell types: give --role-arn, a role that Step"
          + " Functions may take, with dynamodb:Query on table/"
          + TABLE;

  private final SfnClient client;
  private final PrintStream out;

  SpellingOnAws(SfnClient client, PrintStream out) {
    this.client = client;
    this.out = out;
  }

  /** Names of types. */
  enum Spelling {
    OF_THE_SERVICE("BOOL", "NS"),
    OF_THE_SDK("Bool", "Ns");

    private final String bool;
    private final String numbers;

    Spelling(String bool, String numbers) {
      this.bool = bool;
      this.numbers = numbers;
    }

    @Override
    public String toString() {
      return bool + " and " + numbers;
    }
  }

  static void plan(PrintStream out) {
    out.println(
        "   And 2 requests of TestState without a mock, if a role is given: each queries the table "
            + TABLE
            + ",\n   which should not be there. Permissions: iam:PassRole, and the role's own:"
            + " dynamodb:Query.");
  }

  static void requests(PrintStream out, Optional<String> role) {
    if (role.isEmpty()) {
      out.println(NOT_ASKED);
      return;
    }
    for (Spelling spelling : Spelling.values()) {
      out.println("states:TestState a request with " + spelling);
      out.println("  definition: " + request(spelling, role.get()).definition());
    }
  }

  /**
   * Asks, and prints a line each.
   *
   * @return 0 when the definitions' names are taken or nothing was asked, 1 when that differs or
   *     cannot be told
   */
  int ask(Optional<String> role) {
    if (role.isEmpty()) {
      out.println(NOT_ASKED);
      return 0;
    }
    var definitions = answer(Spelling.OF_THE_SERVICE, role.get());
    var others = answer(Spelling.OF_THE_SDK, role.get());
    boolean isExpected = definitions.isTaken;
    out.println(
        (isExpected ? "as expected  " : "DIFFERENT    ")
            + "requests to DynamoDB with "
            + Spelling.OF_THE_SERVICE
            + ": "
            + definitions.told());
    if (!isExpected) {
      out.println("               answered: " + definitions.raw);
      out.println("               expected: taken, as the definitions write them");
    }
    out.println(
        "for us       the same with "
            + Spelling.OF_THE_SDK
            + ": "
            + others.told()
            + (others.isTaken ? "" : ", answered: " + others.raw));
    return isExpected ? 0 : 1;
  }

  private record Answer(boolean isTaken, String raw) {
    String told() {
      return isTaken ? "taken" : "not taken, or it cannot be told";
    }
  }

  private Answer answer(Spelling spelling, String role) {
    try {
      TestStateResponse answer = client.testState(request(spelling, role));
      return new Answer(
          "DynamoDb.ResourceNotFoundException".equals(answer.error()),
          answer.statusAsString() + ", " + answer.error() + ": " + answer.cause());
    } catch (SfnException e) {
      var details = e.awsErrorDetails();
      return new Answer(
          false, (details == null ? "" : details.errorCode() + ": ") + e.getMessage());
    }
  }

  static TestStateRequest request(Spelling spelling, String role) {
    var values =
        Map.of(
            ":pk", Map.of("S", "none"),
            ":flag", Map.of(spelling.bool, true),
            ":numbers", Map.of(spelling.numbers, new String[] {"1"}));
    var state = Json.MAPPER.createObjectNode();
    state
        .put("QueryLanguage", "JSONata")
        .put("Type", "Task")
        .put("Resource", "arn:aws:states:::aws-sdk:dynamodb:query")
        .put("End", true)
        .putObject("Arguments")
        .put("TableName", TABLE)
        .put("KeyConditionExpression", "pk = :pk")
        .put("FilterExpression", "flag = :flag AND numbers = :numbers")
        .set("ExpressionAttributeValues", Json.MAPPER.valueToTree(new TreeMap<>(values)));
    return TestStateRequest.builder()
        .definition(state.toString())
        .input("{}")
        .roleArn(role)
        .build();
  }
}
