package dev.godwit.cli.stepfunctions;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.EmbeddedSettling;
import dev.godwit.cli.facts.Asked;
import dev.godwit.cli.facts.DeploymentFacts;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.Ledger.Code;
import dev.godwit.cli.ledger.RunRecord;
import dev.godwit.cli.lifecycle.Bookkeeping;
import dev.godwit.cli.lifecycle.Executions;
import dev.godwit.cli.lifecycle.Place;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.Caller;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.TableChecks;
import dev.godwit.cli.table.Tables;
import dev.godwit.run.RunRequest;
import dev.godwit.run.results.ResultsLayout;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.Architecture;
import software.amazon.awssdk.services.lambda.model.EnvironmentResponse;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sfn.SfnClient;

/** The runs of one state machine on AWS, which go on whatever happens here. */
public final class StepFunctionsPlace implements Place {
  /** Half of what DescribeMapRun allows in the long run, see {@link MapRunLooks}: others watch. */
  private static final Duration LOOKED_AT_EVERY = Duration.ofSeconds(2);

  /** EventBridge starts the settlement within seconds of a run's end. */
  private static final Duration SETTLED_WITHIN = Duration.ofMinutes(1);

  private final StateMachineArn machine;
  private final ConsoleLinks links;
  private final SfnClient sfn;
  private final DynamoDbClient dynamoDb;
  private final DynamoDbConnection connection;
  private final S3Client s3;
  private final LambdaClient lambda;
  private final Optional<URI> sts;
  private final StepFunctionsExecutions executions;
  private final Tempo tempo;
  private @Nullable Deployment deployment;

  /** How long is waited for what. */
  record Tempo(Duration lookedAtEvery, Duration settledWithin) {}

  StepFunctionsPlace(StateMachineArn machine, AwsClients clients, Tempo tempo) {
    this.machine = machine;
    this.links = new ConsoleLinks(machine);
    this.sfn = clients.sfn(machine.region());
    this.dynamoDb = clients.dynamoDb(machine.region());
    this.connection =
        new DynamoDbConnection(
            clients.dynamoDb(), Region.of(machine.region()), clients.credentials());
    this.s3 = clients.s3(machine.region());
    this.lambda = clients.lambda(machine.region());
    this.sts = clients.sts();
    this.executions = new StepFunctionsExecutions(machine, sfn, links);
    this.tempo = tempo;
  }

  /** The runs of {@code machine}. */
  public static RunLifecycle runs(StateMachineArn machine, AwsClients clients) {
    return runs(machine, clients, new Tempo(LOOKED_AT_EVERY, SETTLED_WITHIN));
  }

  static RunLifecycle runs(StateMachineArn machine, AwsClients clients, Tempo tempo) {
    return new RunLifecycle(new StepFunctionsPlace(machine, clients, tempo));
  }

  private Deployment deployed() {
    var known = deployment;
    if (known == null) {
      known =
          executions.asking(
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

  @Override
  public Executions executions() {
    return executions;
  }

  @Override
  public Bookkeeping booksOf(String runId) {
    var table = deployed().ledgerTable();
    return new Bookkeeping(
        new Ledger(dynamoDb, table), EmbeddedSettling.passing(connection, table));
  }

  @Override
  public Bookkeeping booksOver(String tableName) {
    return booksOf("");
  }

  /** The deployment has made them. */
  @Override
  public void prepareBooksOver(String tableName) {}

  @Override
  public String caller(String tableName) {
    return Caller.onAws(connection.credentials(), connection.region(), sts);
  }

  @Override
  public List<ListedRun> newestFirst() {
    var runs = new Ledger(dynamoDb, deployed().ledgerTable()).runs();
    var listed = new ArrayList<ListedRun>();
    for (RunRecord run : runs.whole()) {
      listed.add(
          new ListedRun(
              run.runId(),
              run.tableName(),
              run.migration(),
              run.status(),
              Optional.of(run.startedAt()),
              run.endedAt()));
    }
    for (String runId : runs.halves()) {
      listed.add(new ListedRun(runId, "", "", "INCOMPLETE", Optional.empty(), Optional.empty()));
    }
    return List.copyOf(listed);
  }

  @Override
  public RunResults results() {
    return new RunResults(new BucketFiles(s3, deployed().resultsBucket()));
  }

  @Override
  public String resultsLocation(String runId) {
    return "s3://" + deployed().resultsBucket() + "/" + ResultsLayout.folder(runId);
  }

  @Override
  public Optional<String> resultsBucket() {
    return Optional.of(deployed().resultsBucket());
  }

  @Override
  public Map<String, String> addresses(String executionArn) {
    return Map.of("execution", links.execution(executionArn));
  }

  /** Whose caller may not look at the table is told what is wrong by the run itself. */
  @Override
  public void check(RunRequest request) {
    List<String> keys;
    try {
      keys =
          Tables.keys(
              dynamoDb.describeTable(describe -> describe.tableName(request.tableName())).table());
    } catch (SdkException e) {
      keys = List.of();
    }
    TableChecks.check(request, keys, deployed().ledgerTable());
    if (request.sample().isPresent() && !deployed().knowsSamples()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "What is deployed does not know samples: it would verify every item. Deploy this Godwit first, or leave out --sample. Nothing was started");
    }
    if (request.source().isPresent() && !deployed().knowsSources()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "What is deployed does not know sources: it would take the items from the table. Deploy this Godwit first. Nothing was started");
    }
    if (request.target().isPresent() && !deployed().knowsTargets()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "What is deployed does not know targets: it would change the items in place. Deploy this Godwit first. Nothing was started");
    }
    if ((request.keepBeforeImages() || request.undo().isPresent())
        && !deployed().knowsBeforeImages()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "What is deployed does not know before-images: it would drop what was asked for. Deploy this Godwit first, or leave out --keep-before-images (of 'godwit migrate': --no-keep-before-images). Nothing was started");
    }
  }

  @Override
  public Optional<String> warning(RunRequest request) {
    return SegmentList.warning(request.totalSegments());
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

  /** The run is pinned to a version of its function, whatever is deployed. */
  @Override
  public Optional<String> code(RunRequest request) {
    return Optional.empty();
  }

  @Override
  public Code codeNow(RunRequest request) {
    return worker().live(request);
  }

  @Override
  public void accept(RunRequest request, Code code) {
    worker().accept(request, code);
  }

  @Override
  public void hold(RunRequest request, Code code) {
    worker().hold(request, code);
  }

  private PinnedWorker worker() {
    return new PinnedWorker(lambda, s3, deployed());
  }

  @Override
  public Optional<Heard> stayWith(String runId, RunObserver observer, StopSignal stop) {
    return Optional.empty();
  }

  @Override
  public String unknownHolder(Lease.Holder holder) {
    return holder.executionArn().equals(machine.execution(holder.runId()))
        ? "gone: Step Functions does not know its execution any more"
        : "not a run of this state machine; it may be going on elsewhere";
  }

  @Override
  public Optional<DeploymentFacts> deployment() {
    return Optional.of(
        new DeploymentFacts(
            machine.text(),
            deployed().ledgerTable(),
            Asked.told(
                "states:DescribeStateMachine",
                () ->
                    sfn.describeStateMachine(
                            describe -> describe.stateMachineArn(machine.describable()))
                        .roleArn()),
            Asked.told("lambda:GetFunctionConfiguration", this::workerFacts),
            Asked.told(
                "lambda:GetAccountSettings",
                () ->
                    lambda
                        .getAccountSettings(settings -> {})
                        .accountLimit()
                        .unreservedConcurrentExecutions())));
  }

  private DeploymentFacts.Worker workerFacts() {
    var function = lambda.getFunctionConfiguration(get -> get.functionName(deployed().worker()));
    return new DeploymentFacts.Worker(
        function.functionArn(),
        function.role(),
        function.memorySize(),
        function.architectures().contains(Architecture.ARM64),
        writesSingly(function.environment()));
  }

  /** As a deployment sets it for its worker; a function without variables has none told. */
  private static boolean writesSingly(@Nullable EnvironmentResponse environment) {
    return environment != null && "single".equals(environment.variables().get("WRITER"));
  }

  @Override
  public Manners manners() {
    return new Manners(
        false,
        tempo.lookedAtEvery(),
        tempo.settledWithin(),
        "on " + machine,
        "Step Functions forgets runs 90 days after their end",
        "allow s3:ListBucket and s3:GetObject on the results bucket",
        ", within 14 days of its end");
  }

  @Override
  public void close() {
    sfn.close();
    dynamoDb.close();
    s3.close();
    lambda.close();
  }
}
