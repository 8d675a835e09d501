package dev.godwit.infra;

import dev.godwit.asl.Definitions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.RuleTargetInput;
import software.amazon.awscdk.services.events.targets.SfnStateMachine;
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
 * Lets the runs over a table wait while an alarm is on: {@code hold-on-alarm.asl.json}, its role,
 * and for each table a rule on its alarms' changes and a schedule.
 *
 * <p>CloudWatch guarantees that alarms' changes reach EventBridge (user guide, "Alarm events and
 * EventBridge"; read 2026-11-26), perhaps twice and in any order. The schedule is for runs that
 * begin while an alarm is on already.
 */
public final class AlarmHold extends Construct {
  private static final Duration EVERY = Duration.minutes(1);

  private final StateMachine machine;
  private final List<Rule> rules = new ArrayList<>();
  private final List<Schedule> schedules = new ArrayList<>();

  /**
   * @param alarms those that the runs over a table wait for, by the table's name
   */
  AlarmHold(
      Construct scope,
      String id,
      String name,
      Map<String, List<AlarmArn>> alarms,
      Ledger ledger,
      Optional<NotificationTopic> notifications,
      RetentionDays keepLogs) {
    super(scope, id);
    Role role = Grants.stateMachineRole(this, "Godwit's hold: pauses runs while an alarm is on");
    role.addToPolicy(
        Grants.allow(
            "PauseRuns",
            List.of(
                "dynamodb:ConditionCheckItem",
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:UpdateItem"),
            List.of(ledger.table().getTableArn())));
    role.addToPolicy(
        Grants.allow("LookAtAlarms", List.of("cloudwatch:DescribeAlarms"), List.of("*")));
    notifications.ifPresent(topic -> topic.allowPublishing(role));
    machine =
        DefinedStateMachine.create(
            this,
            name,
            StateMachineType.EXPRESS,
            "Godwit: lets runs wait while an alarm is on",
            Definitions.text(Definitions.HOLD_ON_ALARM),
            Ordered.map(
                "Partition",
                Stack.of(this).getPartition(),
                "LedgerTable",
                ledger.table().getTableName(),
                "NotificationTopic",
                notifications.map(NotificationTopic::arn).orElse("")),
            role,
            keepLogs);
    new TreeMap<>(alarms).forEach(this::watch);
    Grants.explainStars(
        role,
        "Composite alarms can be described only by who may describe any alarm; X-Ray and"
            + " log delivery know no resource.");
  }

  private void watch(String table, List<AlarmArn> alarms) {
    Map<String, Object> input =
        Ordered.map("tableName", table, "alarms", alarms.stream().map(AlarmArn::name).toList());
    rules.add(
        Rule.Builder.create(this, "Rule-" + table)
            .description("Godwit: runs over " + table + " wait while one of these alarms is on")
            .eventPattern(
                EventPattern.builder()
                    .source(List.of("aws.cloudwatch"))
                    .detailType(List.of("CloudWatch Alarm State Change"))
                    .resources(alarms.stream().map(AlarmArn::text).toList())
                    .build())
            .targets(
                List.of(
                    SfnStateMachine.Builder.create(machine)
                        .input(RuleTargetInput.fromObject(input))
                        // The schedule comes within a minute.
                        .retryAttempts(2)
                        .maxEventAge(EVERY)
                        .build()))
            .build());
    schedules.add(
        Schedule.Builder.create(this, "Schedule-" + table)
            .description("Godwit: a run over " + table + " that begins while an alarm is on waits")
            .schedule(ScheduleExpression.rate(EVERY))
            .target(
                StepFunctionsStartExecution.Builder.create(machine)
                    // The next one is soon enough.
                    .retryAttempts(0)
                    .input(ScheduleTargetInput.fromObject(input))
                    .build())
            .build());
  }

  public StateMachine machine() {
    return machine;
  }

  /** One for each table. */
  public List<Rule> rules() {
    return List.copyOf(rules);
  }

  /** One for each table. */
  public List<Schedule> schedules() {
    return List.copyOf(schedules);
  }
}
