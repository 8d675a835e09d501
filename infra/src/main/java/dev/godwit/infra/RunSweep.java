package dev.godwit.infra;

import dev.godwit.asl.Definitions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.scheduler.Schedule;
import software.amazon.awscdk.services.scheduler.ScheduleExpression;
import software.amazon.awscdk.services.scheduler.ScheduleTargetInput;
import software.amazon.awscdk.services.scheduler.targets.StepFunctionsStartExecution;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.amazon.awscdk.services.stepfunctions.StateMachineType;
import software.constructs.Construct;

/**
 * Finds runs that have ended and were not settled, and tells of those that go on, every few
 * minutes: {@code sweep-runs.asl.json}, its role and its schedule. Step Functions' endings reach
 * {@link SettleTrigger} with best effort only.
 *
 * <p>An express machine: it ends within seconds, and costs next to nothing when there is nothing to
 * do.
 */
public final class RunSweep extends Construct {
  private static final Duration EVERY = Duration.minutes(5);

  private final StateMachine machine;
  private final Schedule schedule;

  /**
   * @param notifications what is told of runs that have started, wait or stall, if anything
   * @param stalledAfterMinutes how long a run makes no progress before that is told
   */
  RunSweep(
      Construct scope,
      String id,
      String name,
      MigrateTableMachine migrate,
      SettleRunMachine settle,
      Ledger ledger,
      Optional<NotificationTopic> notifications,
      int stalledAfterMinutes,
      RetentionDays keepLogs) {
    super(scope, id);
    Role role = Grants.stateMachineRole(this, "Godwit's sweep: has unsettled runs settled");
    role.addToPolicy(
        Grants.allow(
            "LookThroughTheLedger",
            List.of("dynamodb:GetItem", "dynamodb:Scan", "dynamodb:UpdateItem"),
            List.of(ledger.table().getTableArn())));
    role.addToPolicy(
        Grants.allow(
            "LookAtRuns",
            List.of("states:DescribeExecution"),
            List.of(Grants.executionArn(this, migrate.name() + ":*"))));
    role.addToPolicy(
        Grants.allow(
            "HaveRunsSettled",
            List.of("states:StartExecution"),
            List.of(settle.machine().getStateMachineArn())));
    notifications.ifPresent(topic -> topic.allowPublishing(role));
    machine =
        DefinedStateMachine.create(
            this,
            name,
            StateMachineType.EXPRESS,
            "Godwit: finds runs that have ended and were not settled",
            Definitions.text(Definitions.SWEEP_RUNS),
            Ordered.map(
                Map.of(
                    "Partition",
                    Stack.of(this).getPartition(),
                    "LedgerTable",
                    ledger.table().getTableName(),
                    "MigrateTableMachine",
                    migrate.machine().getStateMachineArn(),
                    "SettleRunMachine",
                    settle.machine().getStateMachineArn(),
                    "NotificationTopic",
                    notifications.map(NotificationTopic::arn).orElse(""),
                    "StallMinutes",
                    String.valueOf(stalledAfterMinutes))),
            role,
            keepLogs);
    schedule =
        Schedule.Builder.create(this, "Schedule")
            .description("Godwit: settles runs whose end nobody was told of")
            .schedule(ScheduleExpression.rate(EVERY))
            .target(
                StepFunctionsStartExecution.Builder.create(machine)
                    // The next one is soon enough.
                    .retryAttempts(0)
                    .input(ScheduleTargetInput.fromText("{}"))
                    .build())
            .build();
    Grants.explainStars(
        role,
        "Any execution of the one machine may have to be looked at; X-Ray and log delivery"
            + " know no resource.");
  }

  public StateMachine machine() {
    return machine;
  }

  public Schedule schedule() {
    return schedule;
  }
}
