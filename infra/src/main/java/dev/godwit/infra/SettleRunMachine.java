package dev.godwit.infra;

import dev.godwit.asl.Definitions;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.amazon.awscdk.services.stepfunctions.StateMachineType;
import software.constructs.Construct;

/** The state machine that closes a run's books: {@code settle-run.asl.json}, and its role. */
public final class SettleRunMachine extends Construct {
  private final StateMachine machine;
  private final Role role;

  /**
   * @param runs the name of the machine whose runs it settles
   * @param notifications what is told of each ending, if anything
   */
  SettleRunMachine(
      Construct scope,
      String id,
      String name,
      String runs,
      List<TableRef> tables,
      SegmentWorkerFunction worker,
      Ledger ledger,
      Optional<NotificationTopic> notifications,
      RetentionDays keepLogs) {
    super(scope, id);
    role = Grants.stateMachineRole(this, "Godwit's settling: restores, notes, notifies");
    role.addToPolicy(
        Grants.allow(
            "LookAtRuns",
            List.of("states:DescribeExecution"),
            List.of(Grants.executionArn(this, runs + ":*"))));
    role.addToPolicy(
        Grants.allow(
            "CloseTheLedger",
            List.of("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
            List.of(ledger.table().getTableArn())));
    role.addToPolicy(
        Grants.allow(
            "RestoreCapacity",
            List.of("dynamodb:DescribeTable", "dynamodb:UpdateTable"),
            Grants.arns(this, tables)));
    Grants.allowTableKeys(role, "UseTheTablesKeys", tables);
    AutoScaling.allowFinding(role);
    AutoScaling.allowSuspending(this, role);
    role.addToPolicy(
        Grants.allow(
            "LetGoOfTheWorker",
            List.of("lambda:DeleteAlias"),
            List.of(worker.function().getFunctionArn())));
    notifications.ifPresent(topic -> topic.allowPublishing(role));
    machine =
        DefinedStateMachine.create(
            this,
            name,
            StateMachineType.STANDARD,
            "Godwit: closes the books of a run that has ended",
            Definitions.text(Definitions.SETTLE_RUN),
            Ordered.map(
                "Partition",
                Stack.of(this).getPartition(),
                "WorkerFunctionName",
                worker.function().getFunctionArn(),
                "LedgerTable",
                ledger.table().getTableName(),
                "NotificationTopic",
                notifications.map(NotificationTopic::arn).orElse("")),
            role,
            keepLogs);
    Grants.explainStars(
        role,
        "Any execution of the one machine may have to be looked at; auto scaling's targets"
            + " have random ids and are held to DynamoDB's by a condition; describing them,"
            + " X-Ray and log delivery know no resource.");
  }

  public StateMachine machine() {
    return machine;
  }

  /** What the machine runs as. */
  public Role role() {
    return role;
  }
}
