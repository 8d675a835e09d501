package dev.godwit.cli.lifecycle;

import dev.godwit.cli.engine.EmbeddedSettling;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.Ledger.Code;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.results.FolderFiles;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * A place whose executions stand as a test says, and nothing carries them out. Its ledger is a real
 * one, and so is what closes its books.
 */
final class FakePlace implements Place, Executions, Waiting {
  /** Segments at work at once, and when that was changed last. */
  int atOnce = 100;

  Instant limitedAt = Instant.EPOCH;

  static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  static final String ARN = "arn:aws:states:local:000000000000:execution:migrate-table:";

  private final DynamoDbClient client;
  private final DynamoDbConnection connection;
  private final Path folder;
  private final Map<String, Execution> executions = new HashMap<>();
  final List<String> tokens = new ArrayList<>();
  final List<String> stopped = new ArrayList<>();
  boolean mapRunsBegun = true;
  Optional<String> code = Optional.empty();
  Instant now = NOW;
  String version = "7";

  /** How long it takes to learn which code there is now, and to let a run go on with it. */
  Duration waking = Duration.ZERO;

  Duration accepting = Duration.ZERO;

  Runnable whenAccepted = () -> {};

  /** Which code was accepted or held to. */
  final List<String> did = new ArrayList<>();

  /** What happens when an execution is redriven; empty for what should. */
  Optional<NotRedriven> refusal = Optional.empty();

  /** Done between a redrive and its answer. */
  Runnable meanwhile = () -> {};

  /** Done one after the other, each before somebody is given a run's books. */
  final Deque<Runnable> beforeBooks = new ArrayDeque<>();

  /** Done while somebody waits. */
  Runnable whileWaiting = () -> {};

  FakePlace(DynamoDbClient client, DynamoDbConnection connection, Path folder) {
    this.client = client;
    this.connection = connection;
    this.folder = folder;
  }

  static RunRequest request(String runId, String table, String mode) {
    return RunRequestJson.read(
        """
        {"version": 1, "runId": "%s", "tableName": "%s", "migration": "20261120-updated-at",
         "direction": "up", "mode": "%s", "totalSegments": 4, "maxConcurrency": 4,
         "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
         "toleratedFailurePercentage": 0, "parameters": {}}"""
            .formatted(runId, table, mode));
  }

  /** From now on the execution of {@code request}'s run stands so. */
  FakePlace has(RunRequest request, RunStatus status, int redriveCount) {
    return has(
        new Execution(
            ARN + request.runId(),
            request,
            status,
            false,
            false,
            NOW.minusSeconds(3600),
            status == RunStatus.RUNNING ? Optional.empty() : Optional.of(NOW.minusSeconds(1800)),
            redriveCount,
            Optional.empty(),
            status == RunStatus.FAILED ? Optional.of("States.TaskFailed") : Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  FakePlace has(Execution execution) {
    executions.put(execution.runId(), execution);
    return this;
  }

  FakePlace hasKilled(RunRequest request) {
    return has(
        new Execution(
            ARN + request.runId(),
            request,
            RunStatus.RUNNING,
            true,
            false,
            NOW.minusSeconds(3600),
            Optional.empty(),
            0,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
  }

  RunLifecycle runs() {
    return new RunLifecycle(this, this);
  }

  Ledger ledger() {
    return new Ledger(client, LedgerTable.OF_MACHINES);
  }

  @Override
  public Optional<Execution> describe(String runId) {
    return Optional.ofNullable(executions.get(runId));
  }

  @Override
  public String start(RunRequest request) {
    has(request, RunStatus.RUNNING, 0);
    return ARN + request.runId();
  }

  @Override
  public void redrive(Execution last, String token) throws NotRedriven {
    tokens.add(token);
    meanwhile.run();
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    has(last.request(), RunStatus.RUNNING, last.redriveCount() + 1);
  }

  @Override
  public void stop(Execution execution, String why) {
    stopped.add(execution.runId());
    has(execution.request(), RunStatus.ABORTED, execution.redriveCount());
  }

  @Override
  public MapRuns mapRuns(Execution execution) {
    return new MapRuns(mapRunsBegun, new SegmentCounts(4, 0, 0), Map.of());
  }

  @Override
  public Optional<Concurrency> concurrency(Execution execution) {
    return Optional.of(
        new Concurrency() {
          @Override
          public int atOnce() {
            return atOnce;
          }

          @Override
          public void limitTo(int segments) {
            atOnce = segments;
            limitedAt = now;
          }
        });
  }

  @Override
  public Executions executions() {
    return this;
  }

  @Override
  public Bookkeeping booksOf(String runId) {
    Optional.ofNullable(beforeBooks.poll()).ifPresent(Runnable::run);
    return new Bookkeeping(ledger(), EmbeddedSettling.passing(connection, LedgerTable.OF_MACHINES));
  }

  @Override
  public Bookkeeping booksOver(String tableName) {
    return booksOf("");
  }

  @Override
  public void prepareBooksOver(String tableName) {}

  @Override
  public String caller(String tableName) {
    return "ana@here";
  }

  @Override
  public List<ListedRun> newestFirst() {
    return List.of();
  }

  @Override
  public RunResults results() {
    return new RunResults(new FolderFiles(folder));
  }

  @Override
  public String resultsLocation(String runId) {
    return folder.toString();
  }

  @Override
  public Map<String, String> addresses(String executionArn) {
    return Map.of();
  }

  @Override
  public void check(RunRequest request) {}

  @Override
  public Optional<String> warning(RunRequest request) {
    return Optional.empty();
  }

  @Override
  public long estimatedItems(RunRequest request) {
    return 0;
  }

  @Override
  public Optional<String> code(RunRequest request) {
    return code;
  }

  @Override
  public Code codeNow(RunRequest request) {
    now = now.plus(waking);
    return new Code(code.orElseThrow(), version);
  }

  @Override
  public void accept(RunRequest request, Code accepted) {
    did.add("accept " + accepted.digest() + " " + accepted.version());
    whenAccepted.run();
    now = now.plus(accepting);
  }

  @Override
  public void hold(RunRequest request, Code had) {
    did.add("hold " + had.digest() + " " + had.version());
  }

  /** Every run has ended as soon as somebody stays with it. */
  @Override
  public Optional<Heard> stayWith(String runId, RunObserver observer, StopSignal stop) {
    var execution = describe(runId).orElseThrow();
    if (execution.goesOn()) {
      has(execution.request(), RunStatus.SUCCEEDED, execution.redriveCount());
    }
    return Optional.of(new Heard(Tally.ZERO, Optional.empty(), Optional.empty()));
  }

  @Override
  public String unknownHolder(Lease.Holder holder) {
    return "not known here";
  }

  @Override
  public Manners manners() {
    return new Manners(
        true, Duration.ofSeconds(5), Duration.ofMinutes(1), "here", "Look elsewhere", "see", "");
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void pause(Duration longest, StopSignal stop) {
    now = now.plus(longest);
    whileWaiting.run();
  }

  @Override
  public void close() {}
}
