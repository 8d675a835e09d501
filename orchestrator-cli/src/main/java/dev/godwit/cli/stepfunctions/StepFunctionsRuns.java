package dev.godwit.cli.stepfunctions;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.LostRun;
import dev.godwit.cli.ledger.HistoryEntry;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.LedgerReader;
import dev.godwit.cli.ledger.RunRecord;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RemoteRuns;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.Runs;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.run.TableHolder;
import dev.godwit.cli.run.Watch;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import dev.godwit.run.results.ResultsLayout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeExecutionResponse;
import software.amazon.awssdk.services.sfn.model.ExecutionAlreadyExistsException;
import software.amazon.awssdk.services.sfn.model.ExecutionDoesNotExistException;
import software.amazon.awssdk.services.sfn.model.ExecutionRedriveStatus;
import software.amazon.awssdk.services.sfn.model.ExecutionStatus;
import software.amazon.awssdk.services.sfn.model.SfnException;
import software.amazon.awssdk.services.sfn.model.StateMachineDoesNotExistException;

/**
 * The runs of one state machine on AWS. An execution is named after its run.
 *
 * <p>A run goes on there whatever happens here: {@link #run} and {@link #redrive} begin it and
 * watch; asked to stop, they only stop watching.
 */
public final class StepFunctionsRuns implements RemoteRuns {
  /**
   * The largest input of an execution: Step Functions developer guide, "Service quotas", "Quotas
   * related to state machine executions"; read 2026-11-20.
   */
  private static final int MOST_INPUT_BYTES = 256 * 1024;

  /** Half of what DescribeMapRun allows in the long run, see {@link MapRuns}: others watch too. */
  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(2);

  /** EventBridge starts the settlement within seconds of a run's end. */
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(1);

  private final StateMachineArn machine;
  private final ConsoleLinks links;
  private final SfnClient sfn;
  private final DynamoDbClient dynamoDb;
  private final DynamoDbConnection connection;
  private final S3Client s3;
  private final Tempo tempo;
  private final Map<String, MapRuns> mapRuns = new HashMap<>();
  private @Nullable Deployment deployment;

  /** How long is waited for what. */
  record Tempo(Duration lookedAtEvery, Duration settledWithin) {}

  public StepFunctionsRuns(StateMachineArn machine, AwsClients clients) {
    this(machine, clients, new Tempo(LOOKED_AT_EVERY, SETTLED_WITHIN));
  }

  StepFunctionsRuns(StateMachineArn machine, AwsClients clients, Tempo tempo) {
    this.machine = machine;
    this.links = new ConsoleLinks(machine);
    this.sfn = clients.sfn(machine.region());
    this.dynamoDb = clients.dynamoDb(machine.region());
    this.connection =
        new DynamoDbConnection(
            clients.dynamoDb(), Region.of(machine.region()), clients.credentials());
    this.s3 = clients.s3(machine.region());
    this.tempo = tempo;
  }

  @Override
  public Optional<String> misgiving(RunRequest request) {
    return SegmentList.misgiving(request.totalSegments());
  }

  @Override
  public Map<String, String> start(RunRequest request) {
    String input = RunRequestJson.write(request).toString();
    int bytes = input.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MOST_INPUT_BYTES) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          String.format(
              java.util.Locale.ROOT,
              "The run request has %,d bytes, and Step Functions takes at most %,d; give the transform shorter parameters. Nothing was started",
              bytes,
              MOST_INPUT_BYTES));
    }
    request.retryFailures().ifPresent(this::checkFailures);
    String arn =
        asking(
            request.runId(),
            () -> {
              try {
                return sfn.startExecution(
                        start ->
                            start
                                .stateMachineArn(machine.text())
                                .name(request.runId())
                                .input(input))
                    .executionArn();
              } catch (ExecutionAlreadyExistsException e) {
                throw new CommandFailed(
                    ExitCode.BAD_USAGE,
                    "There was a run "
                        + request.runId()
                        + " before; nothing was started. Look at it: 'godwit status "
                        + request.runId()
                        + "', go on with it: 'godwit redrive "
                        + request.runId()
                        + "', or choose another --run-id",
                    e);
              }
            });
    return Map.of("execution", links.execution(arn));
  }

  private void checkFailures(String earlierRun) {
    try {
      new RunResults(new BucketFiles(s3, deployment().resultsBucket()))
          .checkFailures(earlierRun, resultsLocation(earlierRun));
    } catch (IOException e) {
      throw unreadable(earlierRun, e);
    }
  }

  private static CommandFailed unreadable(String runId, IOException e) {
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "The results of "
            + runId
            + " cannot be read ("
            + e.getMessage()
            + "); allow s3:ListBucket and s3:GetObject on the results bucket",
        e);
  }

  @Override
  public RunEnding run(RunRequest request, RunObserver observer, StopSignal stop) {
    observer.placesAre(start(request));
    return watch(request.runId(), observer, stop);
  }

  @Override
  public RunEnding watch(String runId, RunObserver observer, StopSignal stop) {
    return new Watch(this, tempo.lookedAtEvery()).untilItEnds(runId, observer, stop);
  }

  @Override
  public RunState state(String runId) {
    return asking(runId, () -> state(execution(runId)));
  }

  private RunState state(DescribeExecutionResponse execution) {
    String runId = execution.name();
    var request = RunRequestJson.read(execution.input());
    var status = status(execution);
    var segments = mapRuns.computeIfAbsent(runId, id -> new MapRuns(sfn, execution.executionArn()));
    segments.look();
    var record =
        ledger().run(runId).filter(run -> run.executionArn().equals(execution.executionArn()));
    return new RunState(
        request,
        status,
        false,
        execution.startDate(),
        Optional.ofNullable(execution.stopDate()),
        segments.segments(request.totalSegments()),
        record.map(RunRecord::counted).orElse(Tally.ZERO),
        error(execution),
        places(runId, execution.executionArn(), segments),
        advice(runId, status, execution, record));
  }

  private static Optional<String> error(DescribeExecutionResponse execution) {
    return Optional.ofNullable(execution.error())
        .map(error -> error + (execution.cause() == null ? "" : ": " + execution.cause()));
  }

  private Map<String, String> places(String runId, String executionArn, MapRuns segments) {
    var places = new LinkedHashMap<String, String>();
    places.put("execution", links.execution(executionArn));
    for (String arn : segments.arns()) {
      String label = arn.substring(arn.indexOf('/') + 1, arn.lastIndexOf(':'));
      places.put("map run " + label, links.mapRun(arn));
    }
    places.put(RunState.RESULTS, resultsLocation(runId));
    return places;
  }

  private String resultsLocation(String runId) {
    return "s3://" + deployment().resultsBucket() + "/" + ResultsLayout.folder(runId);
  }

  private static Optional<String> advice(
      String runId,
      RunStatus status,
      DescribeExecutionResponse execution,
      Optional<RunRecord> record) {
    if (status == RunStatus.RUNNING) {
      return Optional.of(
          "Watch it: 'godwit watch " + runId + "'. Stop it: 'godwit stop " + runId + "'.");
    }
    if (record.map(run -> run.status().equals("RUNNING")).orElse(false)) {
      return Optional.of(
          "Its books are not closed yet; its table is free when settle-run has closed them.");
    }
    var raised =
        record
            .flatMap(RunRecord::capacityNotRestored)
            .map(why -> "The table's capacity is still raised: " + why);
    if (status == RunStatus.SUCCEEDED) {
      return raised;
    }
    if (Runs.NEVER_BEGAN.contains(String.valueOf(execution.error()))) {
      return Optional.of(
          "It never began; nothing was changed. Start it again when the table is free.");
    }
    String next =
        execution.redriveStatus() == ExecutionRedriveStatus.NOT_REDRIVABLE
            ? "It cannot be redriven: "
                + execution.redriveStatusReason()
                + " Start a new run: what is migrated already is kept."
            : "Go on where it stood, within 14 days of its end: 'godwit redrive " + runId + "'.";
    return Optional.of(raised.map(capacity -> capacity + " " + next).orElse(next));
  }

  @Override
  public RunReport report(String runId) {
    var state = state(runId);
    try {
      return new RunResults(new BucketFiles(s3, deployment().resultsBucket()))
          .report(state, resultsLocation(runId));
    } catch (IOException e) {
      throw unreadable(runId, e);
    }
  }

  @Override
  public List<ListedRun> newestFirst() {
    return ledger().runs().stream()
        .map(
            run ->
                new ListedRun(
                    run.runId(),
                    run.tableName(),
                    run.migration(),
                    run.status(),
                    run.startedAt(),
                    run.endedAt()))
        .toList();
  }

  @Override
  public List<HistoryEntry> history(String tableName) {
    return ledger().history(tableName);
  }

  @Override
  public Optional<TableHolder> holder(String tableName) {
    var ledger = ledger();
    return ledger.lease(tableName).map(lease -> holder(ledger, tableName, lease));
  }

  private TableHolder holder(LedgerReader ledger, String tableName, Lease lease) {
    var ended = ended(lease);
    return new TableHolder(
        tableName,
        lease,
        ended
            .map(
                how ->
                    how.status() == RunStatus.RUNNING
                        ? "RUNNING"
                        : how.status() + " at " + how.at() + ", not settled")
            .orElse("gone: Step Functions does not know its execution any more"),
        ended.flatMap(how -> refusal(lease.runId(), how)),
        ledger
            .run(lease.runId())
            .filter(record -> record.executionArn().equals(lease.executionArn()))
            .flatMap(RunRecord::capacityBefore));
  }

  private Optional<String> refusal(String runId, LostRun.Ended how) {
    if (how.status() == RunStatus.RUNNING) {
      return Optional.of(
          "The run "
              + runId
              + " is running. Watch it: 'godwit watch "
              + runId
              + "'. Stop it: 'godwit stop "
              + runId
              + "'.");
    }
    return how.at().plus(tempo.settledWithin()).isAfter(Instant.now())
        ? Optional.of(
            "The run "
                + runId
                + " has only just ended, and its books are being closed; its table is free when they are.")
        : Optional.empty();
  }

  /** How the execution of {@code lease} stands; empty when Step Functions does not know it. */
  private Optional<LostRun.Ended> ended(Lease lease) {
    return asking(
        lease.runId(),
        () -> {
          try {
            var execution =
                sfn.describeExecution(describe -> describe.executionArn(lease.executionArn()));
            return Optional.of(
                new LostRun.Ended(
                    status(execution),
                    Optional.ofNullable(execution.stopDate()).orElse(execution.startDate()),
                    Optional.ofNullable(execution.error()).orElse(""),
                    Optional.ofNullable(execution.cause()).orElse("")));
          } catch (ExecutionDoesNotExistException e) {
            return Optional.empty();
          }
        });
  }

  @Override
  public Optional<String> release(String tableName, String runId) {
    var held = TableHolder.confirmed(holder(tableName), tableName, runId);
    return new LostRun(connection, deployment().ledgerTable(), () -> ended(held.lease()))
        .release(held);
  }

  @Override
  public long estimatedItems(RunRequest request) {
    try {
      return dynamoDb
          .describeTable(describe -> describe.tableName(request.tableName()))
          .table()
          .itemCount();
    } catch (SdkException e) {
      return 0;
    }
  }

  @Override
  public void stop(String runId) {
    var execution = asking(runId, () -> execution(runId));
    if (status(execution) != RunStatus.RUNNING) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The run "
              + runId
              + " has ended already: "
              + execution.statusAsString()
              + " at "
              + execution.stopDate());
    }
    asking(
        runId,
        () ->
            sfn.stopExecution(
                stop ->
                    stop.executionArn(execution.executionArn())
                        .error("Stopped")
                        .cause("Stopped by its user.")));
  }

  @Override
  public RunEnding redrive(String runId, RunObserver observer, StopSignal stop) {
    var execution = asking(runId, () -> execution(runId));
    refuseWhatCannotBeRedriven(runId, execution);
    var ledger = ledger();
    var record =
        settled(ledger, runId, stop)
            .filter(run -> run.executionArn().equals(execution.executionArn()));
    record.ifPresent(run -> ledger.takeAgain(run, Instant.now()));
    try {
      sfn.redriveExecution(
          redrive ->
              redrive
                  .executionArn(execution.executionArn())
                  .clientToken(runId + "-" + execution.redriveCount()));
    } catch (SdkException e) {
      if (!isRunningAfterAll(runId)) {
        record.ifPresent(ledger::giveBack);
        throw unanswered(runId, e);
      }
    }
    mapRuns.remove(runId);
    return watch(runId, observer, stop);
  }

  private static void refuseWhatCannotBeRedriven(
      String runId, DescribeExecutionResponse execution) {
    String why;
    if (status(execution) == RunStatus.RUNNING) {
      why = "is running; watch it: 'godwit watch " + runId + "'";
    } else if (execution.status() == ExecutionStatus.SUCCEEDED) {
      why = "has succeeded; there is nothing to go on with";
    } else if (Runs.NEVER_BEGAN.contains(String.valueOf(execution.error()))) {
      why = "never began, for its table was taken; start a new one with 'godwit run'";
    } else if (execution.redriveStatus() == ExecutionRedriveStatus.NOT_REDRIVABLE) {
      why =
          "cannot be redriven: "
              + execution.redriveStatusReason()
              + " Step Functions redrives within 14 days of a run's end. Start a new run: what is migrated already is kept";
    } else {
      return;
    }
    throw new CommandFailed(ExitCode.BAD_USAGE, "The run " + runId + " " + why);
  }

  /**
   * The run's record once its last ending is settled: a settlement under way would take the lease
   * away from the redriven run. It is waited for for a minute.
   *
   * @throws CommandFailed when it is not settled by then, or its user does not wait so long
   */
  private Optional<RunRecord> settled(LedgerReader ledger, String runId, StopSignal stop) {
    long end = System.nanoTime() + tempo.settledWithin().toNanos();
    var record = ledger.run(runId);
    while (record.isPresent() && holdsItsTable(ledger, record.get())) {
      if (stop.isStopped() || System.nanoTime() >= end) {
        throw new CommandFailed(
            ExitCode.BAD_USAGE,
            "The books of the run "
                + runId
                + " are not closed yet; nothing was changed. Try again in a while, or, if nobody closes them, free its table first: 'godwit release --table "
                + record.get().tableName()
                + "'");
      }
      stop.await(tempo.lookedAtEvery());
      record = ledger.run(runId);
    }
    return record;
  }

  private static boolean holdsItsTable(LedgerReader ledger, RunRecord run) {
    return ledger
        .lease(run.tableName())
        .filter(lease -> lease.executionArn().equals(run.executionArn()))
        .isPresent();
  }

  private boolean isRunningAfterAll(String runId) {
    try {
      return status(execution(runId)) == RunStatus.RUNNING;
    } catch (SdkException e) {
      // Nobody can tell: the lease is kept, as the run may go on.
      return true;
    }
  }

  private DescribeExecutionResponse execution(String runId) {
    return sfn.describeExecution(describe -> describe.executionArn(machine.execution(runId)));
  }

  private static RunStatus status(DescribeExecutionResponse execution) {
    return switch (execution.status()) {
      case SUCCEEDED -> RunStatus.SUCCEEDED;
      case FAILED -> RunStatus.FAILED;
      case TIMED_OUT -> RunStatus.TIMED_OUT;
      case ABORTED -> RunStatus.ABORTED;
      case RUNNING, PENDING_REDRIVE, UNKNOWN_TO_SDK_VERSION -> RunStatus.RUNNING;
    };
  }

  private Deployment deployment() {
    var known = deployment;
    if (known == null) {
      known =
          asking(
              "",
              () ->
                  Deployment.of(
                      machine,
                      sfn.describeStateMachine(
                              describe -> describe.stateMachineArn(machine.describable()))
                          .definition()));
      deployment = known;
    }
    return known;
  }

  private LedgerReader ledger() {
    return new LedgerReader(dynamoDb, deployment().ledgerTable());
  }

  private <T> T asking(String runId, Supplier<T> question) {
    try {
      return question.get();
    } catch (SdkException e) {
      throw unanswered(runId, e);
    }
  }

  private CommandFailed unanswered(String runId, SdkException e) {
    if (e instanceof ExecutionDoesNotExistException) {
      return new CommandFailed(
          ExitCode.BAD_USAGE,
          "There is no run "
              + runId
              + " on "
              + machine
              + "; 'godwit runs' lists those that are. Step Functions forgets runs 90 days after their end",
          e);
    }
    if (e instanceof StateMachineDoesNotExistException) {
      return new CommandFailed(
          ExitCode.BAD_USAGE,
          "There is no state machine " + machine + "; check SFN_ARN or --sfn-arn and the account",
          e);
    }
    String why =
        e instanceof SfnException refused && refused.awsErrorDetails() != null
            ? refused.awsErrorDetails().errorCode()
                + ": "
                + refused.awsErrorDetails().errorMessage()
            : String.valueOf(e.getMessage());
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "Step Functions in " + machine.region() + " did not answer (" + why + ")",
        e);
  }

  @Override
  public void close() {
    sfn.close();
    dynamoDb.close();
    s3.close();
  }
}
