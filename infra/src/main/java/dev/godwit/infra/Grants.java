package dev.godwit.infra;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.constructs.Construct;

/** How permissions are written down here: one statement for each thing that may be touched. */
final class Grants {
  private Grants() {}

  /**
   * A role for a state machine. Step Functions may take it on for this account only: developer
   * guide, "Cross-service confused deputy prevention"; read 2026-11-20. Lambda's guide says nothing
   * of the kind, so functions' roles go without.
   */
  static Role stateMachineRole(Construct scope, String description) {
    return role(
        scope,
        ServicePrincipal.Builder.create("states.amazonaws.com")
            .conditions(
                Map.of("StringEquals", Map.of("aws:SourceAccount", Stack.of(scope).getAccount())))
            .build(),
        description);
  }

  /** A role for functions. */
  static Role functionRole(Construct scope, String description) {
    return role(scope, new ServicePrincipal("lambda.amazonaws.com"), description);
  }

  private static Role role(Construct scope, ServicePrincipal service, String description) {
    return Role.Builder.create(scope, "Role").assumedBy(service).description(description).build();
  }

  static PolicyStatement allow(String sid, List<String> actions, List<String> resources) {
    return PolicyStatement.Builder.create().sid(sid).actions(actions).resources(resources).build();
  }

  static PolicyStatement allow(
      String sid, List<String> actions, List<String> resources, Map<String, Object> conditions) {
    return PolicyStatement.Builder.create()
        .sid(sid)
        .actions(actions)
        .resources(resources)
        .conditions(new TreeMap<>(conditions)) // a template is the same each time
        .build();
  }

  /** Says why some of what {@code role} may do is not held to one resource. */
  static void explainStars(Role role, String why) {
    NagSuppressions.addResourceSuppressions(
        role,
        List.of(NagPackSuppression.builder().id("AwsSolutions-IAM5").reason(why).build()),
        true);
  }

  /**
   * What a caller needs on the customer managed keys of DynamoDB tables, by way of DynamoDB only:
   * developer guide, "DynamoDB encryption at rest: usage notes", "Authorizing use of your customer
   * managed key"; read 2026-11-20.
   */
  static void allowTableKeys(Role role, String sid, List<TableRef> tables) {
    List<String> keys = tables.stream().flatMap(t -> t.kmsKeyArn().stream()).distinct().toList();
    if (!keys.isEmpty()) {
      role.addToPolicy(
          allow(
              sid,
              List.of(
                  "kms:Decrypt",
                  "kms:DescribeKey",
                  "kms:Encrypt",
                  "kms:GenerateDataKey*",
                  "kms:ReEncrypt*"),
              keys,
              Map.of("StringLike", Map.of("kms:ViaService", "dynamodb.*.amazonaws.com*"))));
    }
  }

  /** The ARN of a state machine of this stack, by its name. */
  static String stateMachineArn(Construct scope, String name) {
    return stepFunctions(scope, "stateMachine", name);
  }

  /** The ARN of executions of a state machine of this stack. */
  static String executionArn(Construct scope, String nameAndPattern) {
    return stepFunctions(scope, "execution", nameAndPattern);
  }

  private static String stepFunctions(Construct scope, String resource, String name) {
    return Stack.of(scope)
        .formatArn(
            ArnComponents.builder()
                .service("states")
                .resource(resource)
                .resourceName(name)
                .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                .build());
  }

  static List<String> arns(Construct scope, List<TableRef> tables) {
    var stack = Stack.of(scope);
    return tables.stream().map(table -> table.arn(stack)).distinct().toList();
  }
}
