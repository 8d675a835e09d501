package dev.godwit.infra;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.stepfunctions.DefinitionBody;
import software.amazon.awscdk.services.stepfunctions.LogLevel;
import software.amazon.awscdk.services.stepfunctions.LogOptions;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.amazon.awscdk.services.stepfunctions.StateMachineType;
import software.constructs.Construct;

/**
 * A state machine made of a definition as it is in its file, substitutions left to CloudFormation.
 */
final class DefinedStateMachine {
  private DefinedStateMachine() {}

  /**
   * @param name of the state machine; fixed, so that a role can speak of the machine that uses it
   * @param type STANDARD for what may wait
   * @param definition the file's text
   * @param substitutions for each {@code ${Name}} in it
   */
  static StateMachine create(
      Construct scope,
      String name,
      StateMachineType type,
      String comment,
      String definition,
      Map<String, String> substitutions,
      Role role,
      RetentionDays keepLogs) {
    var logs =
        LogGroup.Builder.create(scope, "Logs")
            // Names under /aws/vendedlogs/ keep the account's log resource policy short: Step
            // Functions developer guide, "Using CloudWatch Logs to log execution history";
            // read 2026-11-20.
            .logGroupName("/aws/vendedlogs/states/" + name)
            .retention(keepLogs)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    var machine =
        StateMachine.Builder.create(scope, "StateMachine")
            .stateMachineName(name)
            .stateMachineType(type)
            .comment(comment)
            .definitionBody(DefinitionBody.fromString(definition))
            .definitionSubstitutions(substitutions)
            .role(role)
            .tracingEnabled(true)
            .logs(
                LogOptions.builder()
                    .destination(logs)
                    .level(LogLevel.ERROR)
                    .includeExecutionData(false)
                    .build())
            .build();
    NagSuppressions.addResourceSuppressions(
        machine,
        List.of(
            NagPackSuppression.builder()
                .id("AwsSolutions-SF1")
                .reason(
                    "Step Functions keeps the whole history of each standard execution for 90 days; a"
                        + " log of every event of every segment, or of every sweep, would only cost."
                        + " Errors are logged.")
                .build()));
    return machine;
  }
}
