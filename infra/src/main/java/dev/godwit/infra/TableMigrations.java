package dev.godwit.infra;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Names;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.UniqueResourceNameOptions;
import software.constructs.Construct;
import software.constructs.IConstruct;

/**
 * Everything that a run needs, but the tables: worker, state machines, ledger, results, dashboard
 * and alarms.
 *
 * <pre>{@code
 * new TableMigrations(
 *     this,
 *     "Migrations",
 *     TableMigrationsProps.builder()
 *         .table("Cities")
 *         .workerJar(Path.of("build/segment-worker-lambda.jar"))
 *         .migrations(Path.of("build/our-migrations.jar"))
 *         .build());
 * }</pre>
 */
public final class TableMigrations extends Construct {
  /** Step Functions API reference, CreateStateMachine, name: 80 characters; read 2026-11-20. */
  private static final int LONGEST_NAME = 80;

  private final Ledger ledger;
  private final ResultsBucket results;
  private final SegmentWorkerFunction worker;
  private final MigrateTableMachine migrate;
  private final SettleRunMachine settle;
  private final SettleTrigger trigger;
  private final RunSweep sweep;
  private final Optional<AlarmHold> hold;
  private final RunDashboard dashboard;
  private final RunAlarms alarms;
  private final Optional<MigrationsDuringDeployment> duringDeployment;
  private final Optional<ExportsBeforeReplacing> exports;

  public TableMigrations(Construct scope, String id, TableMigrationsProps props) {
    super(scope, id);
    checkTables(props, Stack.of(this));
    checkAlarms(props, Stack.of(this));
    ledger =
        new Ledger(
            this, "Ledger", props.tables.stream().map(TableRef::name).toList(), props.destroyData);
    results =
        new ResultsBucket(
            this,
            "Results",
            Duration.days(props.keepResultsDays),
            props.resultsKmsKeyArn,
            props.destroyData);
    worker =
        new SegmentWorkerFunction(
            this,
            "Worker",
            props.worker,
            props.tables,
            props.actionTables,
            props.targets,
            props.sources,
            ledger,
            results,
            props.keepLogs);
    migrate =
        new MigrateTableMachine(
            this,
            "MigrateTable",
            name("MigrateTable"),
            props.tables,
            worker,
            ledger,
            results,
            props.keepLogs);
    settle =
        new SettleRunMachine(
            this,
            "SettleRun",
            name("SettleRun"),
            migrate.name(),
            props.tables,
            worker,
            ledger,
            props.notifications,
            props.keepLogs);
    trigger = new SettleTrigger(this, "SettleTrigger", migrate, settle);
    sweep =
        new RunSweep(
            this,
            "Sweep",
            name("SweepRuns"),
            migrate,
            settle,
            ledger,
            props.notifications,
            props.stalledAfterMinutes,
            props.keepLogs);
    hold =
        props.holdOnAlarm.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new AlarmHold(
                    this,
                    "Hold",
                    name("HoldOnAlarm"),
                    props.holdOnAlarm,
                    ledger,
                    props.notifications,
                    props.keepLogs));
    dashboard =
        new RunDashboard(this, "Dashboard", props.tables, migrate, settle, worker, props.worker);
    alarms =
        new RunAlarms(
            this,
            "Alarms",
            props.tables,
            migrate,
            settle,
            trigger,
            sweep,
            hold,
            props.notifications);
    duringDeployment =
        props.deploymentJar.isEmpty() || props.deploymentRuns.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new MigrationsDuringDeployment(
                    this,
                    "DuringDeployment",
                    props.deploymentJar.get(),
                    props.deploymentRuns,
                    props.worker.migrations(),
                    props.tables,
                    worker,
                    migrate,
                    settle,
                    ledger,
                    props.keepLogs));
    exports =
        duringDeployment.isEmpty()
                || props.deploymentRuns.stream().noneMatch(ExportsBeforeReplacing::changesAKey)
            ? Optional.empty()
            : Optional.of(
                new ExportsBeforeReplacing(
                    this,
                    "Exports",
                    props.deploymentJar.orElseThrow(),
                    props.deploymentRuns,
                    props.tables,
                    ledger,
                    results,
                    props.keepLogs));
    for (DeploymentRun run : props.deploymentRuns) {
      for (var export : exports.map(all -> all.of(run.tableName())).orElse(List.of())) {
        duringDeployment.orElseThrow().after(run.tableName()).getNode().addDependency(export);
      }
    }
    output("StateMachineArn", "What SFN_ARN is to be", migrate.machine().getStateMachineArn());
    output(
        "LedgerTable", "The table of runs and applied migrations", ledger.table().getTableName());
    output("ResultsBucket", "Where runs leave results", results.bucket().getBucketName());
  }

  public Ledger ledger() {
    return ledger;
  }

  public ResultsBucket results() {
    return results;
  }

  public SegmentWorkerFunction worker() {
    return worker;
  }

  public MigrateTableMachine migrate() {
    return migrate;
  }

  public SettleRunMachine settle() {
    return settle;
  }

  public SettleTrigger trigger() {
    return trigger;
  }

  public RunSweep sweep() {
    return sweep;
  }

  /** What lets runs wait while an alarm is on, if any are to. */
  public Optional<AlarmHold> hold() {
    return hold;
  }

  public RunDashboard dashboard() {
    return dashboard;
  }

  public RunAlarms alarms() {
    return alarms;
  }

  /** What runs migrations while the stack is deployed, if anything is to. */
  public Optional<MigrationsDuringDeployment> duringDeployment() {
    return duringDeployment;
  }

  /** What exports tables before they are replaced, if a migration changes a key. */
  public Optional<ExportsBeforeReplacing> exports() {
    return exports;
  }

  /**
   * Orders the replacement of a table: CloudFormation makes {@code newTable} when the export of the
   * old one is there, and its items are taken over when {@code newTable} is there. The old table is
   * deleted, if at all, after that, when CloudFormation cleans up.
   *
   * @param tableName the old table's name, as {@code runDuringDeployment} has it
   * @param newTable the table with the new key, of the same stack
   * @throws InvalidOptions when no migration of that table changes its key
   */
  public void beforeReplacing(String tableName, IConstruct newTable) {
    var before = exports.map(all -> all.of(tableName)).orElse(List.of());
    if (before.isEmpty()) {
      throw new InvalidOptions(
          "No migration of "
              + tableName
              + " changes its key: give the one that does a keyChange in runDuringDeployment.");
    }
    before.forEach(export -> newTable.getNode().addDependency(export));
    duringDeployment.orElseThrow().after(tableName).getNode().addDependency(newTable);
  }

  /**
   * Has {@code user} changed, by this deployment, only when the migrations of a table are done, as
   * a function that is to read the new table.
   *
   * @throws InvalidOptions when no migrations of that table run during the deployment
   */
  public void whenMigrated(String tableName, IConstruct user) {
    user.getNode()
        .addDependency(
            duringDeployment
                .orElseThrow(
                    () ->
                        new InvalidOptions(
                            "No migrations of " + tableName + " run during the deployment."))
                .after(tableName));
  }

  private static void checkTables(TableMigrationsProps props, Stack stack) {
    var names = new HashSet<String>();
    for (TableRef table : props.tables) {
      if (!names.add(table.name())) {
        throw new InvalidOptions("The table " + table.name() + " is named twice; name it once.");
      }
      if (table.isElsewhere(stack)) {
        throw new InvalidOptions(
            "The table "
                + table.nameOrArn()
                + " is not of this stack's account and region; deploy another stack there.");
      }
    }
  }

  private static void checkAlarms(TableMigrationsProps props, Stack stack) {
    props.holdOnAlarm.values().stream()
        .flatMap(List::stream)
        .filter(alarm -> alarm.isElsewhere(stack))
        .findFirst()
        .ifPresent(
            alarm -> {
              throw new InvalidOptions(
                  "holdOnAlarm: the alarm "
                      + alarm.text()
                      + " is not of this stack's account and region, where its changes are heard of.");
            });
  }

  private void output(String id, String description, String value) {
    CfnOutput.Builder.create(this, id).description(description).value(value).build();
  }

  /** A name of this construct's own: two constructs, in one stack or in two, never share it. */
  private String name(String last) {
    return Names.uniqueResourceName(
            this,
            UniqueResourceNameOptions.builder()
                .maxLength(LONGEST_NAME - last.length() - 1)
                .separator("-")
                .allowedSpecialCharacters("-_")
                .build())
        + "-"
        + last;
  }
}
