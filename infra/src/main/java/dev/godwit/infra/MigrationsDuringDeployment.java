package dev.godwit.infra;

import dev.godwit.infra.deployment.DeploymentHandler;
import dev.godwit.infra.deployment.DeploymentRequest;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.customresources.Provider;
import software.amazon.awscdk.services.events.EventPattern;
import software.amazon.awscdk.services.events.Rule;
import software.amazon.awscdk.services.events.Schedule;
import software.amazon.awscdk.services.events.targets.LambdaFunction;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * Runs pending migrations while the stack is deployed.
 *
 * <p>There are two hooks for each table. The one that runs migrations depends on the worker's alias
 * and on the state machines. On the other the alias depends: in a rollback it is called while the
 * alias still stands for the worker that can undo them. See {@link Moment}.
 *
 * <p>The template holds the ids of the migrations and a digest of their jars, and nothing that
 * changes by itself: CloudFormation calls the hooks when one of these has changed.
 */
public final class MigrationsDuringDeployment extends Construct {
  /** CloudFormation waits for a custom resource no longer; see DeploymentMigrations. */
  private static final Duration LONGEST = Duration.hours(1);

  /** EventBridge delivers Step Functions' events with best effort only. */
  private static final Duration LOOK_AGAIN = Duration.minutes(5);

  private final Role role;
  private final Map<String, CustomResource> after = new TreeMap<>();

  MigrationsDuringDeployment(
      Construct scope,
      String id,
      Path jar,
      List<DeploymentRun> runs,
      List<Path> migrationJars,
      List<TableRef> tables,
      SegmentWorkerFunction worker,
      MigrateTableMachine migrate,
      SettleRunMachine settle,
      Ledger ledger,
      RetentionDays keepLogs) {
    super(scope, id);
    var logs = DeploymentFunctions.logs(this, keepLogs);
    role = role(logs, tables, runs, worker, migrate, ledger);
    var environment = new TreeMap<String, String>();
    environment.put(
        DeploymentHandler.STATE_MACHINE_ARN, Grants.stateMachineArn(this, migrate.name()));
    environment.put(DeploymentHandler.LEDGER_TABLE, ledger.table().getTableName());
    environment.put(DeploymentHandler.WORKER_FUNCTION, worker.function().getFunctionName());
    environment.put(DeploymentHandler.WORKER_ALIAS, SegmentWorkerFunction.ALIAS_NAME);
    environment.put(
        DeploymentHandler.TABLES,
        String.join(",", runs.stream().map(DeploymentRun::tableName).toList()));
    var functions =
        new DeploymentFunctions(
            this,
            "migrations during a deployment",
            DeploymentHandler.class,
            jar,
            environment,
            role,
            logs);
    var provider = functions.provider(LONGEST);
    var digest = MigrationsLayer.digest(migrationJars);
    for (DeploymentRun run : runs) {
      var before = hook("Before-" + run.tableName(), provider, run, worker, digest, Moment.BEFORE);
      worker.alias().getNode().addDependency(before);
      var hook = hook("After-" + run.tableName(), provider, run, worker, digest, Moment.AFTER);
      after.put(run.tableName(), hook);
      hook.getNode()
          .addDependency(
              worker.alias(),
              migrate.machine(),
              settle.machine(),
              scope.getNode().findChild("SettleTrigger"));
    }
    var proceed = functions.function("Proceed", "proceed");
    Rule.Builder.create(this, "Settled")
        .description("Godwit: starts what a deployment that did not wait has left to do")
        .eventPattern(
            EventPattern.builder()
                .source(List.of("aws.states"))
                .detailType(List.of("Step Functions Execution Status Change"))
                .detail(
                    Ordered.map(
                        "stateMachineArn",
                        List.of(settle.machine().getStateMachineArn()),
                        "status",
                        List.of("SUCCEEDED")))
                .build())
        .targets(List.of(new LambdaFunction(proceed)))
        .build();
    if (runs.stream().anyMatch(run -> !run.waits())) {
      Rule.Builder.create(this, "EveryFewMinutes")
          .description("Godwit: goes on with such a deployment though an event was lost")
          .schedule(Schedule.rate(LOOK_AGAIN))
          .targets(List.of(new LambdaFunction(proceed)))
          .build();
    }
  }

  /** What runs the migrations of a table. */
  CustomResource after(String tableName) {
    var hook = after.get(tableName);
    if (hook == null) {
      throw new InvalidOptions("No migrations of " + tableName + " run during the deployment.");
    }
    return hook;
  }

  /** What the functions run as. */
  public Role role() {
    return role;
  }

  private Role role(
      LogGroup logs,
      List<TableRef> tables,
      List<DeploymentRun> runs,
      SegmentWorkerFunction worker,
      MigrateTableMachine migrate,
      Ledger ledger) {
    var made = Grants.functionRole(this, "Godwit's deployments: start and follow runs");
    DeploymentFunctions.allowLogging(made, logs);
    made.addToPolicy(
        Grants.allow(
            "StartRuns",
            List.of("states:StartExecution"),
            List.of(Grants.stateMachineArn(this, migrate.name()))));
    made.addToPolicy(
        Grants.allow(
            "FollowRuns",
            List.of("states:DescribeExecution", "states:StopExecution"),
            List.of(Grants.executionArn(this, migrate.name() + ":deploy-*"))));
    made.addToPolicy(
        Grants.allow(
            "ReadTheLedgerAndKeepANote",
            runs.stream().anyMatch(ExportsBeforeReplacing::changesAKey)
                ? List.of("dynamodb:GetItem", "dynamodb:Query", "dynamodb:UpdateItem")
                : List.of("dynamodb:GetItem", "dynamodb:UpdateItem"),
            List.of(ledger.table().getTableArn())));
    var named = runs.stream().map(DeploymentRun::tableName).toList();
    made.addToPolicy(
        Grants.allow(
            "MeasureTables",
            List.of("dynamodb:DescribeTable"),
            Grants.arns(
                this, tables.stream().filter(table -> named.contains(table.name())).toList())));
    made.addToPolicy(
        Grants.allow(
            "SeeTheStacksStatus",
            List.of("cloudformation:DescribeStacks"),
            List.of(Stack.of(this).getStackId())));
    made.addToPolicy(
        Grants.allow(
            "SeeTheWorkersVersion",
            List.of("lambda:GetAlias"),
            List.of(worker.function().getFunctionArn())));
    Grants.explainStars(
        made,
        "The runs of a deployment have names that are made when it is deployed, all with"
            + " one beginning; X-Ray knows no resource.");
    return made;
  }

  private CustomResource hook(
      String id,
      Provider provider,
      DeploymentRun run,
      SegmentWorkerFunction worker,
      String jars,
      Moment moment) {
    var properties =
        new LinkedHashMap<String, Object>(
            new DeploymentRequest(
                    run.tableName(),
                    run.migrations().stream()
                        .map(
                            s ->
                                new DeploymentRequest.Step(
                                    s.id(),
                                    s.undoable(),
                                    s.keyChange().map(DeploymentRun.NewKey::change)))
                        .toList(),
                    run.waits(),
                    run.itemsWrittenPercent(),
                    run.settings(),
                    worker.version().getVersion(),
                    jars,
                    moment)
                .properties());
    return CustomResource.Builder.create(this, id)
        .resourceType("Custom::GodwitMigrations")
        .serviceToken(provider.getServiceToken())
        .serviceTimeout(LONGEST)
        .properties(properties)
        .build();
  }
}
