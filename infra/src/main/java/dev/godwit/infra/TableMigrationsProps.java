package dev.godwit.infra;

import dev.godwit.compiler.CannotCompile;
import dev.godwit.compiler.MigrationsFolder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.ec2.ISecurityGroup;
import software.amazon.awscdk.services.ec2.IVpc;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.lambda.Architecture;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.logs.RetentionDays;

/**
 * What {@link TableMigrations} is to be like. Everything has a default but the worker's jar and the
 * tables.
 */
public final class TableMigrationsProps {
  /**
   * Memory that brings one whole processor: Lambda developer guide, "Configure Lambda function
   * memory"; read 2026-11-20. The worker's work is one thread's, and waiting.
   */
  public static final int DEFAULT_MEMORY_MEGABYTES = 1769;

  /** Lambda developer guide, "Lambda quotas"; read 2026-11-20. */
  static final int LEAST_MEMORY_MEGABYTES = 128;

  static final int MOST_MEMORY_MEGABYTES = 10_240;

  /** Lambda developer guide, "Lambda quotas": 15 minutes; read 2026-11-20. */
  static final int LONGEST_TIMEOUT_SECONDS = 900;

  /** A function's longest time, and a sweep. */
  static final int LEAST_STALL_MINUTES = 20;

  /** What is told of so many fits into what one state of a machine may be given. */
  static final int MOST_ALARMS = 10;

  final WorkerOptions worker;
  final List<TableRef> tables;
  final List<TableRef> actionTables;
  final List<TableRef> targets;
  final List<SourceRef> sources;
  final int keepResultsDays;
  final Optional<String> resultsKmsKeyArn;
  final boolean destroyData;
  final RetentionDays keepLogs;
  final Optional<NotificationTopic> notifications;
  final Map<String, List<AlarmArn>> holdOnAlarm;
  final int stalledAfterMinutes;
  final Optional<Path> deploymentJar;
  final List<DeploymentRun> deploymentRuns;

  private TableMigrationsProps(Builder builder) {
    if (builder.workerJar == null) {
      throw new InvalidOptions(
          "There is no worker: name the jar with workerJar, usually"
              + " segment-worker/target/segment-worker-lambda.jar.");
    }
    if (builder.tables.isEmpty()) {
      throw new InvalidOptions(
          "There is no table to migrate: name at least one; only named tables can be reached.");
    }
    if (builder.memoryMegabytes < LEAST_MEMORY_MEGABYTES
        || builder.memoryMegabytes > MOST_MEMORY_MEGABYTES) {
      throw new InvalidOptions(
          "The worker's memory must be from "
              + LEAST_MEMORY_MEGABYTES
              + " to "
              + MOST_MEMORY_MEGABYTES
              + " MB, not "
              + builder.memoryMegabytes
              + ".");
    }
    if (builder.timeoutSeconds < 1 || builder.timeoutSeconds > LONGEST_TIMEOUT_SECONDS) {
      throw new InvalidOptions(
          "The worker's timeout must be from 1 to "
              + LONGEST_TIMEOUT_SECONDS
              + " seconds, not "
              + builder.timeoutSeconds
              + ".");
    }
    checkPositive("reservedConcurrency", builder.reservedConcurrency);
    checkPositive("requestsInFlight", builder.requestsInFlight);
    if (builder.keepResultsDays < 1) {
      throw new InvalidOptions(
          "Results must be kept for at least 1 day, not " + builder.keepResultsDays + ".");
    }
    if (!builder.deploymentRuns.isEmpty() && builder.deploymentJar == null) {
      throw new InvalidOptions(
          "Migrations during a deployment need deploymentJar, usually"
              + " infra/target/deployment-lambda.jar.");
    }
    if (builder.stalledAfterMinutes < LEAST_STALL_MINUTES) {
      throw new InvalidOptions(
          "stalledAfterMinutes must be at least "
              + LEAST_STALL_MINUTES
              + ", for a slice may take 15 minutes, not "
              + builder.stalledAfterMinutes
              + ".");
    }
    var names = builder.tables.stream().map(TableRef::name).toList();
    builder.holdOnAlarm.forEach(
        (table, alarms) -> {
          if (!names.contains(table)) {
            throw new InvalidOptions(
                "Runs over "
                    + table
                    + " are to wait for alarms (holdOnAlarm), but it is not among the tables to migrate: "
                    + String.join(", ", names)
                    + ".");
          }
          if (alarms.size() > MOST_ALARMS) {
            throw new InvalidOptions(
                "holdOnAlarm: runs over "
                    + table
                    + " can wait for "
                    + MOST_ALARMS
                    + " alarms at most, not "
                    + alarms.size()
                    + "; make one composite alarm of them.");
          }
        });
    for (DeploymentRun run : builder.deploymentRuns) {
      if (!names.contains(run.tableName())) {
        throw new InvalidOptions(
            "Migrations of "
                + run.tableName()
                + " are to run during the deployment, but it is not among the tables to migrate: "
                + String.join(", ", names)
                + ".");
      }
    }
    checkNewTables(builder);
    worker =
        new WorkerOptions(
            builder.workerJar,
            builder.migrations,
            builder.runtime,
            builder.architecture,
            builder.memoryMegabytes,
            Duration.seconds(builder.timeoutSeconds),
            Optional.ofNullable(builder.reservedConcurrency),
            Optional.ofNullable(builder.requestsInFlight),
            builder.singleWrites,
            Optional.ofNullable(builder.network));
    tables = List.copyOf(builder.tables);
    actionTables = List.copyOf(builder.actionTables);
    targets = List.copyOf(builder.targets);
    sources = List.copyOf(builder.sources);
    keepResultsDays = builder.keepResultsDays;
    resultsKmsKeyArn = Optional.ofNullable(builder.resultsKmsKeyArn);
    destroyData = builder.destroyData;
    keepLogs = builder.keepLogs;
    notifications = Optional.ofNullable(builder.notifications);
    holdOnAlarm = new TreeMap<>(builder.holdOnAlarm);
    stalledAfterMinutes = builder.stalledAfterMinutes;
    deploymentJar = Optional.ofNullable(builder.deploymentJar);
    deploymentRuns = List.copyOf(builder.deploymentRuns);
  }

  private static void checkNewTables(Builder builder) {
    var targets = builder.targets.stream().map(TableRef::name).toList();
    for (DeploymentRun run : builder.deploymentRuns) {
      for (DeploymentRun.Step step : run.migrations()) {
        step.keyChange()
            .map(newKey -> newKey.change().targetTable())
            .filter(name -> !targets.contains(name))
            .ifPresent(
                name -> {
                  throw new InvalidOptions(
                      "The items of "
                          + run.tableName()
                          + " are to go into "
                          + name
                          + ", but it is not among the targets: name it there, too, so that the worker"
                          + " may fill it.");
                });
      }
    }
  }

  private static void checkPositive(String name, @Nullable Integer value) {
    if (value != null && value < 1) {
      throw new InvalidOptions(name + " must be at least 1, not " + value + ".");
    }
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects what {@link TableMigrations} is to be like. */
  public static final class Builder {
    private @Nullable Path workerJar;
    private final List<Path> migrations = new ArrayList<>();
    private final List<TableRef> tables = new ArrayList<>();
    private final List<TableRef> actionTables = new ArrayList<>();
    private final List<TableRef> targets = new ArrayList<>();
    private final List<SourceRef> sources = new ArrayList<>();
    private Runtime runtime = SegmentWorkerFunction.RUNTIME;
    private Architecture architecture = Architecture.ARM_64;
    private int memoryMegabytes = DEFAULT_MEMORY_MEGABYTES;
    private int timeoutSeconds = LONGEST_TIMEOUT_SECONDS;
    private @Nullable Integer reservedConcurrency;
    private @Nullable Integer requestsInFlight;
    private boolean singleWrites;
    private WorkerOptions.@Nullable Network network;
    private int keepResultsDays = 90;
    private @Nullable String resultsKmsKeyArn;
    private boolean destroyData;
    private RetentionDays keepLogs = RetentionDays.THREE_MONTHS;
    private @Nullable NotificationTopic notifications;
    private final Map<String, List<AlarmArn>> holdOnAlarm = new TreeMap<>();
    private int stalledAfterMinutes = 30;
    private @Nullable Path deploymentJar;
    private final List<DeploymentRun> deploymentRuns = new ArrayList<>();

    private Builder() {}

    /** The worker's shaded jar, {@code segment-worker-lambda.jar}. */
    public Builder workerJar(Path jar) {
      workerJar = jar;
      return this;
    }

    /**
     * A jar with migrations, or with something that they need; or a folder of migrations in Java,
     * which is compiled if need be: the same jars as on a machine where they were tried.
     *
     * @throws InvalidOptions when the folder cannot be compiled; with the compiler's lines
     */
    public Builder migrations(Path jarOrFolder) {
      if (!Files.isDirectory(jarOrFolder)) {
        migrations.add(jarOrFolder);
        return this;
      }
      try {
        migrations.addAll(MigrationsFolder.at(jarOrFolder).jars());
        return this;
      } catch (CannotCompile e) {
        throw new InvalidOptions(
            Stream.concat(e.compilerLines().stream(), Stream.of(e.getMessage() + "."))
                .collect(Collectors.joining(System.lineSeparator())),
            e);
      }
    }

    /** The jars so far. */
    List<Path> migrations() {
      return List.copyOf(migrations);
    }

    /** A table to migrate, by name or ARN. */
    public Builder table(String nameOrArn) {
      return table(TableRef.of(nameOrArn));
    }

    /** A table to migrate. */
    public Builder table(TableRef table) {
      tables.add(table);
      return this;
    }

    /** A table that migrations of others write to with their actions, but that is not migrated. */
    public Builder actionTable(TableRef table) {
      actionTables.add(table);
      return this;
    }

    /** A table that runs over others put their items into. */
    public Builder target(TableRef table) {
      targets.add(table);
      return this;
    }

    /** Files that runs may take their items from. */
    public Builder source(SourceRef files) {
      sources.add(files);
      return this;
    }

    /**
     * Lambda's own Java that the worker runs on: {@code java21} unless said, or {@code java25}.
     *
     * @throws InvalidOptions when it is another
     */
    public Builder runtime(Runtime runtime) {
      this.runtime = SegmentWorkerFunction.runtime(runtime.getName());
      return this;
    }

    /** Of the worker's processors; arm64 unless said. */
    public Builder architecture(Architecture architecture) {
      this.architecture = architecture;
      return this;
    }

    /** The worker's memory; {@value TableMigrationsProps#DEFAULT_MEMORY_MEGABYTES} unless said. */
    public Builder memoryMegabytes(int megabytes) {
      memoryMegabytes = megabytes;
      return this;
    }

    /** How long one invocation may take; Lambda's 15 minutes unless said. */
    public Builder timeoutSeconds(int seconds) {
      timeoutSeconds = seconds;
      return this;
    }

    /** How many invocations at once are set aside for the worker, and allowed to it. */
    public Builder reservedConcurrency(int invocations) {
      reservedConcurrency = invocations;
      return this;
    }

    /**
     * How many write requests one invocation may have under way; the worker's default unless said.
     */
    public Builder requestsInFlight(int requests) {
      requestsInFlight = requests;
      return this;
    }

    /** Writes each item by a request of its own, as tables of other accounts need. */
    public Builder singleWrites(boolean single) {
      singleWrites = single;
      return this;
    }

    /** Runs the worker in a VPC; it must have gateway endpoints for DynamoDB and S3. */
    public Builder vpc(IVpc vpc, SubnetSelection subnets, List<ISecurityGroup> securityGroups) {
      network = new WorkerOptions.Network(vpc, subnets, securityGroups);
      return this;
    }

    /** How long results are kept; 90 days unless said. */
    public Builder keepResultsDays(int days) {
      keepResultsDays = days;
      return this;
    }

    /** The customer managed key for results; S3's own unless said. */
    public Builder resultsKmsKeyArn(String arn) {
      resultsKmsKeyArn = arn;
      return this;
    }

    /** Whether the ledger and the results go with the stack; they stay unless said. */
    public Builder destroyData(boolean destroy) {
      destroyData = destroy;
      return this;
    }

    /** How long logs are kept; three months unless said. */
    public Builder keepLogs(RetentionDays days) {
      keepLogs = days;
      return this;
    }

    /**
     * Lets the runs over a table wait while an alarm is on.
     *
     * @param table its name
     * @param alarmArns of CloudWatch alarms in the stack's account and region
     */
    public Builder holdOnAlarm(String table, List<String> alarmArns) {
      var alarms = holdOnAlarm.computeIfAbsent(table, name -> new ArrayList<>());
      alarmArns.stream()
          .map(AlarmArn::new)
          .filter(alarm -> !alarms.contains(alarm))
          .forEach(alarms::add);
      return this;
    }

    /** After how many minutes without a slice that ends the topic is told; 30 unless said. */
    public Builder stalledAfterMinutes(int minutes) {
      stalledAfterMinutes = minutes;
      return this;
    }

    /** A topic to tell of runs and of alarms. */
    public Builder notifications(NotificationTopic topic) {
      notifications = topic;
      return this;
    }

    /** The jar of what runs migrations during a deployment, {@code deployment-lambda.jar}. */
    public Builder deploymentJar(Path jar) {
      deploymentJar = jar;
      return this;
    }

    /** Runs a table's pending migrations during each deployment. */
    public Builder runDuringDeployment(DeploymentRun run) {
      deploymentRuns.add(run);
      return this;
    }

    /**
     * @throws InvalidOptions when something is missing or cannot be
     */
    public TableMigrationsProps build() {
      return new TableMigrationsProps(this);
    }
  }
}
