package dev.godwit.cli.engine;

import dev.godwit.asl.FolderObjectStore;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.folder.RunsFolder;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.Ledger.Code;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.lifecycle.Bookkeeping;
import dev.godwit.cli.lifecycle.Executions;
import dev.godwit.cli.lifecycle.Place;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.results.FolderFiles;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.Caller;
import dev.godwit.cli.table.Tables;
import dev.godwit.migration.Migration;
import dev.godwit.run.Direction;
import dev.godwit.run.RunRequest;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.worker.code.MigrationCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The runs of one folder on this machine. Their ledger is in the DynamoDB that they migrate. */
public final class EmbeddedPlace implements Place {
  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(500);

  private final Path folder;
  private final RunSource source;
  private final EmbeddedExecutions executions;

  /** By the endpoint and region: the credentials are the same. */
  private final Map<List<Object>, DynamoDbClient> clients = new HashMap<>();

  private final MigrationCode code = new MigrationCode();

  EmbeddedPlace(Path folder, RunSource source, EmbeddedExecutions executions) {
    this.folder = folder;
    this.source = source;
    this.executions = executions;
  }

  /**
   * The runs that are kept in a folder.
   *
   * @param overrides what wins over what was kept of a run
   */
  public static RunLifecycle kept(Path folder, OriginOverrides overrides) {
    return EmbeddedEngines.lifecycle(folder, RunSource.kept(new RunsFolder(folder), overrides));
  }

  /**
   * The same, and runs that begin are where {@code earlier} is.
   *
   * @param earlier a run that is kept in the folder
   * @param withCode whether they need that one's migrations
   */
  public static RunLifecycle like(
      String earlier, boolean withCode, Path folder, OriginOverrides overrides) {
    return EmbeddedEngines.lifecycle(
        folder, RunSource.like(earlier, withCode, new RunsFolder(folder), overrides));
  }

  @Override
  public Executions executions() {
    return executions;
  }

  @Override
  public Bookkeeping booksOf(String runId) {
    return books(source.of(runId));
  }

  @Override
  public Bookkeeping booksOver(String tableName) {
    return books(over(tableName));
  }

  private Whereabouts over(String tableName) {
    return source.over(
        tableName,
        newestFirst().stream()
            .filter(run -> run.tableName().equals(tableName))
            .map(ListedRun::runId)
            .findFirst());
  }

  @Override
  public void prepareBooksOver(String tableName) {
    var where = over(tableName);
    if (!where.doubt().isEmpty()) {
      throw new CommandFailed(ExitCode.BAD_USAGE, where.doubt() + ". Nothing was changed");
    }
    LedgerTable.ensure(where.connection(), where.ledgerTable());
  }

  @Override
  public String caller(String tableName) {
    var connection = over(tableName).connection();
    return connection.isAws()
        ? Caller.onAws(connection.credentials(), connection.region(), Optional.empty())
        : Caller.here();
  }

  private Bookkeeping books(Whereabouts where) {
    var connection = where.connection();
    var client =
        clients.computeIfAbsent(
            List.of(connection.endpoint(), connection.region()), place -> connection.client());
    return new Bookkeeping(
        new Ledger(client, where.ledgerTable()),
        EmbeddedSettling.kept(where.connection(), where.ledgerTable(), folder));
  }

  @Override
  public List<ListedRun> newestFirst() {
    return executions.runs();
  }

  @Override
  public RunResults results() {
    return new RunResults(new FolderFiles(folder.resolve(EngineTasks.RESULTS_BUCKET)));
  }

  @Override
  public String resultsLocation(String runId) {
    return folder
        .resolve(EngineTasks.RESULTS_BUCKET)
        .resolve(ResultsLayout.folder(runId))
        .toString();
  }

  @Override
  public Map<String, String> addresses(String executionArn) {
    return Map.of();
  }

  /** The table is as the command, or the run before, has found it. */
  @Override
  public void check(RunRequest request) {
    if (request.direction() == Direction.DOWN
        && request.undo().isEmpty()
        && migration(request).down().isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "Migration " + request.migration() + " has no way down; nothing was changed");
    }
  }

  @Override
  public Optional<String> warning(RunRequest request) {
    return executions.fits(request)
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "Running %,d segments at a time, not %,d: no more fit into this process's memory (java -Xmx)",
                executions.slicesThatFit(),
                request.maxConcurrency()));
  }

  @Override
  public long estimatedItems(RunRequest request) {
    try {
      return Tables.describe(source.of(request.runId()).connection(), request.tableName())
          .itemCount();
    } catch (CommandFailed e) {
      return 0;
    }
  }

  @Override
  public Optional<String> code(RunRequest request) {
    return request.undo().isPresent() ? Optional.empty() : Optional.of(digest(request));
  }

  private String digest(RunRequest request) {
    return code.digest(migration(request));
  }

  private Migration migration(RunRequest request) {
    return source
        .of(request.runId())
        .migrations()
        .get()
        .byId(request.migration(), request.tableName());
  }

  @Override
  public Code codeNow(RunRequest request) {
    return new Code(digest(request), WorkerTask.VERSION);
  }

  @Override
  public void accept(RunRequest request, Code live) {
    try {
      new FolderObjectStore(folder)
          .write(
              EngineTasks.RESULTS_BUCKET,
              ResultsLayout.acceptedCode(request.runId(), live.digest()),
              nothing -> {});
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "That the code is accepted cannot be noted in " + folder + " (" + e.getMessage() + ")",
          e);
    }
  }

  /** There is one version here, this process's; other code is refused by its digest. */
  @Override
  public void hold(RunRequest request, Code had) {}

  @Override
  public Optional<Heard> stayWith(String runId, RunObserver observer, StopSignal stop) {
    return executions.underWay(runId).map(run -> run.follow(observer, stop));
  }

  @Override
  public String unknownHolder(Lease.Holder holder) {
    return "not known in " + folder + "; it may be going on elsewhere";
  }

  @Override
  public Manners manners() {
    return new Manners(
        true,
        LOOKED_AT_EVERY,
        EmbeddedExecutions.A_MOMENT,
        "in " + folder,
        "For one on AWS give --sfn-arn",
        "look at the folder and who may read it",
        "");
  }

  @Override
  public void close() {
    executions.close();
    clients.values().forEach(DynamoDbClient::close);
  }
}
