package dev.godwit.infra;

import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.List;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.targets.SfnStateMachine;
import software.amazon.awscdk.services.sqs.Queue;
import software.amazon.awscdk.services.sqs.QueueEncryption;
import software.constructs.Construct;

/**
 * Starts settling on every ending of a run, aborts included, that EventBridge tells of. It does so
 * with best effort only ("AWS Step Functions events", EventBridge events reference; read
 * 2026-11-26): {@link RunSweep} finds the rest.
 *
 * <p>The executions of a Map's children send events too, under {@code stateMachine:NAME/LABEL}: the
 * rule asks for the machine's own ARN, and so does not see them.
 */
public final class SettleTrigger extends Construct {
  private final Rule rule;
  private final Queue undelivered;

  SettleTrigger(Construct scope, String id, MigrateTableMachine migrate, SettleRunMachine settle) {
    super(scope, id);
    undelivered =
        Queue.Builder.create(this, "Undelivered")
            .encryption(QueueEncryption.SQS_MANAGED)
            .enforceSsl(true)
            .retentionPeriod(Duration.days(14))
            .build();
    rule =
        Rule.Builder.create(this, "Rule")
            .description("Godwit: settles every run that has ended")
            .eventPattern(
                EventPattern.builder()
                    .source(List.of("aws.states"))
                    .detailType(List.of("Step Functions Execution Status Change"))
                    .detail(
                        Ordered.map(
                            "stateMachineArn",
                            List.of(migrate.machine().getStateMachineArn()),
                            "status",
                            List.of("SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED")))
                    .build())
            .targets(
                List.of(
                    SfnStateMachine.Builder.create(settle.machine())
                        .deadLetterQueue(undelivered)
                        .retryAttempts(185)
                        .maxEventAge(Duration.hours(24))
                        .build()))
            .build();
    NagSuppressions.addResourceSuppressions(
        undelivered,
        List.of(
            NagPackSuppression.builder()
                .id("AwsSolutions-SQS3")
                .reason(
                    "It is itself the queue for what could not be delivered; an alarm watches it.")
                .build()));
  }

  public Rule rule() {
    return rule;
  }

  /** Endings that could not be handed on within a day. */
  public Queue undelivered() {
    return undelivered;
  }
}
