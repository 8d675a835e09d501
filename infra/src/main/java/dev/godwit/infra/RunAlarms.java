package dev.godwit.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Alarm;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.cloudwatch.actions.SnsAction;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.constructs.Construct;

/** Alarms: a run failed, settling failed or did not start, a table is throttled for long. */
public final class RunAlarms extends Construct {
  private static final Duration MINUTE = Duration.minutes(1);

  private final List<Alarm> alarms = new ArrayList<>();

  RunAlarms(
      Construct scope,
      String id,
      List<TableRef> tables,
      MigrateTableMachine migrate,
      SettleRunMachine settle,
      SettleTrigger trigger,
      RunSweep sweep,
      Optional<AlarmHold> hold,
      Optional<NotificationTopic> notifications) {
    super(scope, id);
    add(
        "RunFailed",
        "A Godwit run failed, timed out or was stopped. Its execution tells why; it can be redriven"
            + " for 14 days.",
        badEndings(migrate.machine()),
        1,
        1);
    add(
        "SettleFailed",
        "Godwit could not close the books of a run: its table may still have raised capacity, and its"
            + " lease may still be held. Start the settle machine again with the same input.",
        badEndings(settle.machine()),
        1,
        1);
    add(
        "SettleNotStarted",
        "The ending of a Godwit run could not be handed to the settle machine; the queue holds the"
            + " event, which is the machine's input.",
        trigger
            .undelivered()
            .metricApproximateNumberOfMessagesVisible(
                MetricOptions.builder().period(MINUTE).statistic("Maximum").build()),
        1,
        1);
    add(
        "SweepFailed",
        "Godwit could not look for runs whose end nobody was told of: a table may still be held by a"
            + " run that has ended. The log of the sweep machine tells why; 'godwit runs' shows them.",
        failures(sweep.machine(), "sweeps that failed"),
        1,
        1);
    hold.ifPresent(
        machine ->
            add(
                "HoldFailed",
                "Godwit could not find out whether a run is to wait for an alarm (holdOnAlarm): it may"
                    + " go on while the alarm is on, or wait though it is over. The log of the hold"
                    + " machine tells why; 'godwit pause' and 'godwit resume' do it by hand.",
                failures(machine.machine(), "looks at alarms that failed"),
                1,
                1));
    for (TableRef table : tables) {
      add(
          "Throttled-" + table.name(),
          "Requests to the table "
              + table.name()
              + " have been throttled for five minutes: lower the run's budget, or prewarm the table.",
          MathExpression.Builder.create()
              .expression("reads + writes")
              .usingMetrics(
                  Ordered.map(
                      "reads", TableMetrics.sum(table, "ReadThrottleEvents", MINUTE),
                      "writes", TableMetrics.sum(table, "WriteThrottleEvents", MINUTE)))
              .period(MINUTE)
              .label("throttled requests")
              .build(),
          100,
          5);
    }
    notifications.ifPresent(
        topic -> {
          ITopic sns = Topic.fromTopicArn(this, "Topic", topic.arn());
          alarms.forEach(alarm -> alarm.addAlarmAction(new SnsAction(sns)));
        });
  }

  /** All of them. */
  public List<Alarm> alarms() {
    return List.copyOf(alarms);
  }

  /** Of a machine that runs all the time, without which nothing is told. */
  private static IMetric failures(StateMachine machine, String label) {
    return MathExpression.Builder.create()
        .expression("FILL(failed, 0) + FILL(late, 0)")
        .usingMetrics(
            Ordered.map(
                "failed", machine.metricFailed(sums()),
                "late", machine.metricTimedOut(sums())))
        .period(MINUTE)
        .label(label)
        .build();
  }

  private static MetricOptions sums() {
    return MetricOptions.builder().period(MINUTE).statistic("Sum").build();
  }

  private static IMetric badEndings(StateMachine machine) {
    var options = sums();
    return MathExpression.Builder.create()
        .expression("failed + stopped + late")
        .usingMetrics(
            Ordered.map(
                "failed", machine.metricFailed(options),
                "stopped", machine.metricAborted(options),
                "late", machine.metricTimedOut(options)))
        .period(MINUTE)
        .label("bad endings")
        .build();
  }

  private void add(String id, String description, IMetric metric, int threshold, int minutes) {
    alarms.add(
        Alarm.Builder.create(this, id)
            .alarmDescription(description)
            .metric(metric)
            .threshold(threshold)
            .comparisonOperator(ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD)
            .evaluationPeriods(minutes)
            .datapointsToAlarm(minutes)
            .treatMissingData(TreatMissingData.NOT_BREACHING)
            .build());
  }
}
