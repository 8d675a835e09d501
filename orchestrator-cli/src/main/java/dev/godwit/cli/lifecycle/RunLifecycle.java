package dev.godwit.cli.lifecycle;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.facts.DeploymentFacts;
import dev.godwit.cli.ledger.ByHandEntry;
import dev.godwit.cli.ledger.CanaryCount;
import dev.godwit.cli.ledger.ExportBooks;
import dev.godwit.cli.ledger.HistoryByHand;
import dev.godwit.cli.ledger.HistoryByHand.Signature;
import dev.godwit.cli.ledger.HistoryEntry;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.Ledger.Code;
import dev.godwit.cli.ledger.Ledger.Taken;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.ledger.RunRecord;
import dev.godwit.cli.lifecycle.Executions.ExecutionExists;
import dev.godwit.cli.lifecycle.Executions.NotRedriven;
import dev.godwit.cli.lifecycle.Settlement.Stage;
import dev.godwit.cli.lifecycle.Settling.Ending;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunReport;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.migration.Target;
import dev.godwit.run.Counter;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.slice.Sharing;
import dev.godwit.run.text.SourceWords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of one place, and the rules of their lives, which are the same everywhere: who may go on
 * with a run, when its books are closed and by whom, how its table is taken and given back, and
 * what people are told of all that.
 *
 * <p>A run's execution and its record in the ledger are two things, and a process may die between
 * them, an answer be lost, two people do the same at once. So whoever changes how a run stands
 * reads the ledger, then asks how the execution stands, and then takes the table's lease on the
 * condition that it is still as it was read: its fence is then one higher, and what others had
 * begun before writes nothing any more.
 *
 * <p>Every method throws {@link CommandFailed} when there is no such run, the place does not answer
 * or what was asked for cannot be; its message says what to do.
 */
public final class RunLifecycle implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunLifecycle.class);

  /**
   * How long after it has taken the table a redrive may still go on with the execution. Nobody
   * frees a table that was taken for a redrive before {@link #LEFT_ALONE}, nor does the sweep (10
   * minutes, {@code sweep-runs}).
   */
  static final Duration REDRIVEN_WITHIN = Duration.ofMinutes(5);

  /** Of a change to a rate document that segments are counted in meanwhile. */
  private static final int MOST_TRIES = 20;

  private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);

  /** A minute more, for the call to arrive, and for clocks that differ. */
  private static final Duration LEFT_ALONE = REDRIVEN_WITHIN.plusMinutes(1);

  private final Place place;
  private final Executions executions;
  private final Place.Manners manners;
  private final Waiting waiting;

  /** What was redriven from here, by its run: for a while, an older answer is not believed. */
  private final Map<String, Redriven> redriven = new HashMap<>();

  private record Redriven(int count, Instant at) {}

  public RunLifecycle(Place place) {
    this(place, Waiting.REAL);
  }

  /**
   * @param waiting made up in tests
   */
  RunLifecycle(Place place, Waiting waiting) {
    this.place = place;
    this.executions = place.executions();
    this.manners = place.manners();
    this.waiting = waiting;
  }

  /** Whether a run ends with the process that began it. */
  public boolean endsWithProcess() {
    return manners.endsWithProcess();
  }

  // ---- begun ----

  /** What people should know before {@code request} is started, if anything. */
  public Optional<String> warning(RunRequest request) {
    return place.warning(request);
  }

  /** Refuses a request that {@link #start} would refuse for its table; nothing is begun. */
  public void check(RunRequest request) {
    place.check(request);
  }

  /** How many items the table is thought to hold; 0 when that cannot be told. Never fails. */
  public long estimatedItems(RunRequest request) {
    return place.estimatedItems(request);
  }

  /**
   * Starts a run and returns at once, for a place where it goes on by itself.
   *
   * @return where people can look at it, what is there to its address
   */
  public Map<String, String> start(RunRequest request) {
    place.check(request);
    request.retryFailures().ifPresent(earlierRun -> checkRetried(earlierRun, request));
    try {
      return place.addresses(executions.start(request));
    } catch (ExecutionExists e) {
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
  }

  /** Only what failed in the same migration of the same table can be offered to it again. */
  private void checkRetried(String earlierRun, RunRequest request) {
    var earlier =
        executions.describe(earlierRun).map(Execution::request).or(() -> recorded(earlierRun));
    if (earlier.filter(known -> !isOfTheSame(known, request)).isPresent()) {
      var known = earlier.get();
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The run "
              + earlierRun
              + " was "
              + known.migration()
              + " "
              + known.direction()
              + " over the table "
              + known.tableName()
              + into(known)
              + ": what failed in it cannot be offered to "
              + request.migration()
              + " "
              + request.direction()
              + " over "
              + request.tableName()
              + into(request)
              + "; nothing was started");
    }
    try {
      place.results().checkFailures(earlierRun, place.resultsLocation(earlierRun));
    } catch (IOException e) {
      throw unreadable(earlierRun, e);
    }
  }

  private static String into(RunRequest request) {
    return request.source().map(from -> " from " + SourceWords.of(from)).orElse("")
        + request.target().map(there -> " into " + there.tableName()).orElse("");
  }

  /** For an execution that AWS has forgotten. */
  private Optional<RunRequest> recorded(String runId) {
    return place
        .booksOf(runId)
        .ledger()
        .wholeRun(runId)
        .map(run -> RunRequestJson.read(run.request()));
  }

  private static boolean isOfTheSame(RunRequest earlier, RunRequest request) {
    return earlier.tableName().equals(request.tableName())
        && earlier.migration().equals(request.migration())
        && earlier.direction() == request.direction()
        && earlier.source().equals(request.source())
        && earlier.target().map(Target::tableName).equals(request.target().map(Target::tableName));
  }

  /**
   * Looks whether the writes of {@code runId} can be taken back, and by what.
   *
   * @throws CommandFailed also when the run goes on, its books are open, it has written nothing, or
   *     before-images that it has kept are gone or damaged
   */
  public Undoable undoable(String runId) {
    var execution = executions.describe(runId);
    var request =
        execution
            .map(Execution::request)
            .or(() -> manners.endsWithProcess() ? Optional.empty() : recorded(runId))
            .orElseGet(() -> known(runId).request());
    if (!request.mode().writes()) {
      throw refused(runId, "has written nothing; there is nothing to undo");
    }
    request
        .target()
        .ifPresent(
            there -> {
              throw refused(
                  runId,
                  "has put items into "
                      + there.tableName()
                      + " and changed none that it has read; to take that back, delete "
                      + there.tableName());
            });
    execution.ifPresent(known -> refuseToUndo(look(runId)));
    var ledger = place.booksOf(runId).ledger();
    var record = ledger.wholeRun(runId);
    var counted = record.map(RunRecord::counted).orElse(Tally.ZERO);
    record.ifPresent(run -> UndoRules.refuseIfUndone(run, ledger));
    var others = UndoRules.othersNotUndone(request, runsOver(List.of(request.tableName())), ledger);
    record.ifPresent(run -> UndoRules.refuseBeforeNewer(run, others));
    try {
      var images =
          request.keepBeforeImages()
              ? Optional.of(
                  place.results().checkedBeforeImages(runId, place.resultsLocation(runId)))
              : Optional.<Long>empty();
      if (images.equals(Optional.of(0L))) {
        throw refused(
            runId,
            UndoRules.changed(counted) > 0
                ? "cannot be undone: its before-images, which were under "
                    + place.resultsLocation(runId)
                    + ", are gone. Nothing was started"
                : "has changed nothing; there is nothing to undo");
      }
      return new Undoable(
          request,
          record.flatMap(RunRecord::code).filter(RunRequest::isDigest),
          images,
          counted.count(Counter.ACTIONS) + counted.count(Counter.DEFERRED),
          others.stream().map(RunRecord::runId).toList());
    } catch (IOException e) {
      throw unreadable(runId, e);
    }
  }

  /**
   * How long an invocation of the worker may go on after its run has ended: Lambda developer guide,
   * "Lambda quotas", function timeout; read 2026-11-20.
   */
  private static final Duration LAST_SLICES = Duration.ofMinutes(15);

  private void refuseToUndo(Look look) {
    var runId = look.execution.runId();
    if (look.execution.goesOn()) {
      throw refused(runId, "is running; stop it first: 'godwit stop " + runId + "'");
    }
    if (look.settlement.stage() == Stage.UNKNOWN) {
      throw new CommandFailed(ExitCode.UNREACHABLE, look.settlement.doubt());
    }
    if (look.settlement.stage() == Stage.NOT_OPENED) {
      throw refused(runId, "never began; there is nothing to undo");
    }
    if (!look.settlement.isOver()) {
      throw refused(
          runId, "has open books, or may still write; end it first: 'godwit stop " + runId + "'");
    }
    var lastWrite = look.execution.stoppedAt().map(at -> at.plus(LAST_SLICES));
    if (!manners.endsWithProcess()
        && look.execution.status() != RunStatus.SUCCEEDED
        && lastWrite.filter(at -> at.isAfter(waiting.now())).isPresent()) {
      throw refused(
          runId,
          "was cut short, and its last slices may be writing until "
              + lastWrite.get().truncatedTo(ChronoUnit.SECONDS)
              + "; undo it then");
    }
  }

  private CommandFailed unreadable(String runId, IOException e) {
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "The results of "
            + runId
            + " cannot be read ("
            + e.getMessage()
            + "); "
            + manners.resultsNeed(),
        e);
  }

  /**
   * Starts a run and follows it to its end, and until its books are closed.
   *
   * @return how it ended; RUNNING where it goes on by itself, if {@code stop} was asked for first
   */
  public RunEnding run(RunRequest request, RunObserver observer, StopSignal stop) {
    warning(request).ifPresent(observer::adjusted);
    observer.placesAre(start(request));
    return follow(request.runId(), observer, stop);
  }

  private RunEnding follow(String runId, RunObserver observer, StopSignal stop) {
    var heard = place.stayWith(runId, observer, stop);
    if (heard.isEmpty()) {
      return watch(runId, observer, stop);
    }
    settleHere(known(runId));
    heard
        .get()
        .brokeOff()
        .ifPresent(
            why -> {
              throw why;
            });
    return ending(report(runId), heard);
  }

  /** As EventBridge has it done on AWS; the run's end is told whether it comes off or not. */
  private void settleHere(Execution execution) {
    if (execution.request().mode().writes() && execution.hasEnded()) {
      try {
        place
            .booksOf(execution.runId())
            .settling()
            .settle(ending(execution), () -> same(execution.runId(), execution.arn()))
            .failure()
            .ifPresent(
                why ->
                    LOG.warn(
                        "The run {} has ended, but was not settled: {}", execution.runId(), why));
      } catch (CommandFailed e) {
        LOG.warn(
            "The run {} has ended, but was not settled: {}",
            execution.runId(),
            String.valueOf(e.getMessage()));
      }
    }
  }

  // ---- looked at ----

  /** How far the run is, and what can be done now. */
  public RunState state(String runId) {
    return look(runId).state(place, manners);
  }

  /** All that can be seen of a run at once. */
  private record Look(
      Execution execution,
      MapRuns mapRuns,
      Settlement settlement,
      boolean busy,
      Optional<RunRate> rate,
      Optional<CanaryCount> canary) {
    RunState state(Place place, Place.Manners manners) {
      var addresses = new LinkedHashMap<>(place.addresses(execution.arn()));
      addresses.putAll(mapRuns.addresses());
      addresses.put(RunState.RESULTS, place.resultsLocation(execution.runId()));
      return new RunState(
          execution.request(),
          busy ? RunStatus.RUNNING : execution.status(),
          execution.killed(),
          execution.startedAt(),
          busy ? Optional.empty() : execution.stoppedAt(),
          mapRuns.segments(),
          settlement.record().map(RunRecord::counted).orElse(Tally.ZERO),
          execution.failure(),
          addresses,
          rate.filter(now -> now.paused() && execution.goesOn())
              .map(now -> Advice.resume(execution.runId(), now))
              .or(() -> Advice.about(execution, settlement, busy, false, manners)),
          rate,
          canary);
    }
  }

  private Look look(String runId) {
    var execution = known(runId);
    var mapRuns = executions.mapRuns(execution);
    var settlement = Settlement.of(execution, mapRuns, () -> place.booksOf(runId).ledger());
    return new Look(
        execution,
        mapRuns,
        settlement,
        isBusy(execution, settlement),
        settlement.record().map(run -> place.booksOf(runId).ledger().rate(run.runId())),
        settlement
            .record()
            .filter(run -> execution.request().canary().isPresent())
            .map(run -> place.booksOf(runId).ledger().canary(run.runId())));
  }

  private Execution known(String runId) {
    return executions
        .describe(runId)
        .orElseThrow(
            () ->
                new CommandFailed(
                    ExitCode.BAD_USAGE,
                    "There is no run "
                        + runId
                        + " "
                        + manners.where()
                        + "; 'godwit runs' lists those that are. "
                        + manners.unknown()));
  }

  private Optional<Execution> same(String runId, String arn) {
    return executions.describe(runId).filter(execution -> execution.arn().equals(arn));
  }

  /** Whether somebody is about to close the books of a run that has ended, or to go on with it. */
  private boolean isBusy(Execution execution, Settlement settlement) {
    if (!execution.hasEnded()) {
      return false;
    }
    var since = redriven.get(execution.runId());
    if (since != null && execution.redriveCount() < since.count && isNew(since.at)) {
      return true;
    }
    return switch (settlement.stage()) {
      case ENDED ->
          execution.beingSettled() || execution.stoppedAt().filter(this::isNew).isPresent();
      case TAKEN_TO_REDRIVE -> takenAt(settlement).filter(this::isNewlyTaken).isPresent();
      case UNKNOWN -> execution.beingSettled();
      case NO_BOOKS, NOT_OPENED, OPEN, CLOSED -> false;
    };
  }

  private Optional<Instant> takenAt(Settlement settlement) {
    return settlement
        .record()
        .flatMap(run -> place.booksOf(run.runId()).ledger().lease(run.tableName()).holder())
        .map(holder -> Instant.parse(holder.since()));
  }

  private boolean isNewlyHeld(Lease lease) {
    return lease
        .holder()
        .map(holder -> Instant.parse(holder.since()))
        .filter(this::isNewlyTaken)
        .isPresent();
  }

  private boolean isNewlyTaken(Instant at) {
    return at.plus(LEFT_ALONE).isAfter(waiting.now());
  }

  private boolean isNew(Instant at) {
    return at.plus(manners.settledWithin()).isAfter(waiting.now());
  }

  /**
   * Follows the run until it has ended and its books are closed, or nobody seems to close them.
   *
   * @return how it ended; RUNNING if {@code stop} was asked for first, which leaves the run alone
   */
  public RunEnding watch(String runId, RunObserver observer, StopSignal stop) {
    return new Watch(this, manners.lookedAtEvery(), waiting).untilItEnds(runId, observer, stop);
  }

  /** What the run has left. */
  public RunReport report(String runId) {
    var look = look(runId);
    RunReport report;
    try {
      report =
          having(
              look,
              place.results().report(look.state(place, manners), place.resultsLocation(runId)));
    } catch (IOException e) {
      throw unreadable(runId, e);
    }
    boolean newCode =
        report.failedSegments().stream()
            .anyMatch(segment -> segment.error().endsWith(Advice.TRANSFORM_CHANGED));
    return newCode
        ? report.advising(Advice.about(look.execution, look.settlement, look.busy, true, manners))
        : report;
  }

  /** What the books have of the code is told before what was found in the results. */
  private static RunReport having(Look look, RunReport report) {
    return look.settlement
        .record()
        .map(
            run ->
                report.having(
                    new RunReport.Code(
                        run.code().or(() -> report.ran().digest()), run.workerVersion())))
        .orElse(report);
  }

  /** Does something with what runs have left. */
  @FunctionalInterface
  public interface Work<T> {
    T with(RunResults results) throws IOException;
  }

  /**
   * Does {@code work} with the results of {@code runId}.
   *
   * @throws CommandFailed when they cannot be read
   */
  public <T> T withResults(String runId, Work<T> work) {
    try {
      return work.with(place.results());
    } catch (IOException e) {
      throw unreadable(runId, e);
    }
  }

  /** Keeps the plan that the run began with beside its results. */
  public void keepPlan(String runId, String json) throws IOException {
    place.results().keepPlan(runId, json);
  }

  /**
   * Keeps a page about the run beside its results.
   *
   * @return where it is, for people
   */
  public String keepPage(String runId, String html) throws IOException {
    place.results().keepPage(runId, html);
    return place.resultsLocation(runId)
        + ResultsLayout.report(runId).substring(ResultsLayout.folder(runId).length());
  }

  /** All runs that this place remembers, newest first. */
  public List<ListedRun> newestFirst() {
    return place.newestFirst();
  }

  /** How migrations stand on {@code tableName}, oldest first. */
  public List<HistoryEntry> history(String tableName) {
    return place.booksOver(tableName).ledger().history(tableName);
  }

  /** What was done by hand to the history of {@code tableName}, oldest first. */
  public List<ByHandEntry> byHand(String tableName) {
    return place.booksOver(tableName).ledger().byHand(tableName);
  }

  /** The exports of {@code tableName} to S3, to read. */
  public ExportBooks exports(String tableName) {
    return place.booksOver(tableName).ledger().exports(tableName);
  }

  /** The same, to write; its ledger is there then. */
  public ExportBooks exportsToWrite(String tableName) {
    place.prepareBooksOver(tableName);
    return exports(tableName);
  }

  /** The bucket that this place has for results; empty where they are in a folder. */
  public Optional<String> resultsBucket() {
    return place.resultsBucket();
  }

  /** What may be done by hand to the history of {@code tableName}; its ledger is there then. */
  public HistoryByHand historyByHand(String tableName) {
    place.prepareBooksOver(tableName);
    return place.booksOver(tableName).ledger().historyByHand(tableName);
  }

  /** Who does something by hand to {@code tableName} now. */
  public Signature signature(String tableName) {
    return new Signature(place.caller(tableName), waiting.now());
  }

  /**
   * What ledgers have of runs over {@code tableNames} that wrote, newest first in each ledger.
   * Reads each whole ledger, once.
   */
  public List<RunRecord> runsOver(Collection<String> tableNames) {
    return tableNames.stream()
        .map(name -> place.booksOver(name).ledger())
        .distinct()
        .flatMap(ledger -> ledger.runs().whole().stream())
        .filter(run -> tableNames.contains(run.tableName()))
        .toList();
  }

  RunEnding ending(RunReport report) {
    return ending(report, Optional.empty());
  }

  private RunEnding ending(RunReport report, Optional<Place.Heard> heard) {
    var ending = report.ending();
    if (heard.isPresent() && ending.status() != RunStatus.SUCCEEDED) {
      ending =
          ending
              .heard(heard.get().tally(), report.state().error(), heard.get().firstFailure())
              .withFailed(report.failed()); // heard of twice where a slice was tried again
    }
    var request = report.state().request();
    return neverBegan(request.runId()) ? ending.advising(aboutHolder(request)) : ending;
  }

  private boolean neverBegan(String runId) {
    var look = look(runId);
    return look.settlement.stage() == Stage.NOT_OPENED && look.execution.hasEnded();
  }

  // ---- slowed, hastened, paused ----

  /**
   * Changes how fast a run may go. One that is so already is left as it is.
   *
   * <p>If the process dies on any line, the change is made and noted, or neither.
   *
   * @throws CommandFailed also when the run has ended, or has no rate document; nothing was changed
   */
  public void change(String runId, RateOrder order) {
    var asked = order.maxConcurrency();
    var execution = asked.isPresent() ? Optional.of(known(runId)) : Optional.<Execution>empty();
    var concurrency =
        execution
            .filter(one -> !one.hasEnded() && one.request().mode().writes())
            .flatMap(executions::concurrency);
    write(runId, (request, now) -> order);
    if (concurrency.isPresent() && asked.isPresent()) {
      if (asked.getAsInt() > concurrency.get().atOnce()) {
        waiting.pause(Sharing.RAISED_AFTER, new StopSignal()); // all are to know before more begin
      }
      concurrency.get().limitTo(asked.getAsInt());
    }
  }

  /**
   * Changes how fast a run may go by how fast it may go just then, whoever else changes it.
   *
   * @param step asked again when others were faster; changes no number of segments
   * @return what was changed, for people; empty for nothing
   * @throws CommandFailed as the other does, and when there is no budget to change
   */
  public String change(String runId, RateOrder.Step step) {
    return write(runId, step);
  }

  private String write(String runId, RateOrder.Step step) {
    var who = place.caller(known(runId).request().tableName());
    for (int tries = 0; tries < MOST_TRIES; tries++) {
      var execution = known(runId);
      if (!execution.request().mode().writes()) {
        throw refused(
            runId,
            "only reads ("
                + execution.request().mode()
                + "): it is not in the ledger, where that would stand. Nothing was changed; stop it and start it anew");
      }
      if (execution.hasEnded()) {
        throw refused(
            runId, "has ended: " + execution.status() + at(execution) + "; nothing was changed");
      }
      var ledger = place.booksOf(runId).ledger();
      var run = ledger.run(runId).filter(one -> one.executionArn().equals(execution.arn()));
      if (run.isEmpty()) {
        throw refused(runId, "has not begun yet; nothing was changed. Try again in a moment");
      }
      var now = ledger.rate(runId);
      var order = step.from(execution.request(), now);
      if (order.isEmpty()) {
        throw refused(
            runId,
            "has no budget that could be changed; 'godwit set "
                + runId
                + " --write-units-per-second N' gives it one");
      }
      var what = order.told(execution.request(), now);
      var next = order.on(execution.request(), now);
      if (what.isEmpty()
          || ledger.changeRate(
              run.get(),
              now,
              next,
              new RunRate.Change(what, who, waiting.now().toString(), next.budgets()))) {
        return what;
      }
      waiting.pause(BETWEEN_TRIES, new StopSignal());
    }
    throw new CommandFailed(
        ExitCode.UNREACHABLE,
        "Others change the run " + runId + " at the same time; nothing was changed. Try again");
  }

  private static String at(Execution execution) {
    return execution.stoppedAt().map(at -> " at " + at).orElse("");
  }

  /** What carries runs out beside this process; empty where nothing does. */
  public Optional<DeploymentFacts> deployment() {
    return place.deployment();
  }

  // ---- held ----

  /** Who holds {@code tableName}; empty when it is free. */
  public Optional<TableHolder> holder(String tableName) {
    var ledger = place.booksOver(tableName).ledger();
    var lease = ledger.lease(tableName);
    return lease.holder().map(holder -> holder(ledger, tableName, lease, holder));
  }

  /**
   * Why no run that writes can begin over {@code tableName} now, and how to go on, in sentences;
   * empty when the table is free.
   */
  public Optional<String> obstacle(String tableName) {
    return holder(tableName)
        .map(
            held ->
                "The table "
                    + tableName
                    + " is held by the run "
                    + held.holder().runId()
                    + " since "
                    + held.holder().since()
                    + ". "
                    + howToFree(held));
  }

  private TableHolder holder(Ledger ledger, String tableName, Lease lease, Lease.Holder holder) {
    var execution = same(holder.runId(), holder.executionArn());
    var record =
        ledger
            .wholeRun(holder.runId())
            .filter(run -> run.executionArn().equals(holder.executionArn()));
    return new TableHolder(
        tableName,
        lease,
        holder,
        execution.map(RunLifecycle::word).orElseGet(() -> place.unknownHolder(holder)),
        execution.flatMap(known -> refusal(known, record)),
        record.flatMap(RunRecord::capacityBefore));
  }

  private static String word(Execution execution) {
    if (execution.killed()) {
      return "KILLED";
    }
    return execution.status()
        + execution.stoppedAt().map(at -> " at " + at + ", not settled").orElse("");
  }

  /** Why the table of a run that is known here is not just taken from it. */
  private Optional<String> refusal(Execution execution, Optional<RunRecord> record) {
    var runId = execution.runId();
    if (execution.killed()) {
      return Optional.of(
          "The process of the run "
              + runId
              + " died. Go on where it stood: 'godwit redrive "
              + runId
              + "'. End it and free its table: 'godwit stop "
              + runId
              + "'.");
    }
    if (execution.goesOn()) {
      return Optional.of("The run " + runId + " is running. " + Advice.watchOrStop(runId));
    }
    return isBusy(execution, Settlement.of(execution, record))
        ? Optional.of(
            "The run "
                + runId
                + " has only just ended, and its books are being closed; its table is free when they are.")
        : Optional.empty();
  }

  /** For a run that was refused: who has the table, as far as can be told from here. */
  private Optional<String> aboutHolder(RunRequest request) {
    try {
      return holder(request.tableName()).map(this::howToFree);
    } catch (CommandFailed e) {
      return Optional.empty();
    }
  }

  private String howToFree(TableHolder held) {
    var runId = held.holder().runId();
    if (held.refusal().isPresent()) {
      return held.refusal().get();
    }
    return same(runId, held.holder().executionArn()).isPresent()
        ? "The run "
            + runId
            + " has ended, and its books are not closed: 'godwit stop "
            + runId
            + "' closes them and frees the table."
        : "There is no run "
            + runId
            + " "
            + manners.where()
            + ": watch or stop it where it was started. If that is lost: 'godwit release --table "
            + held.tableName()
            + "'.";
  }

  // ---- stopped, settled, released ----

  /**
   * Asks the run to end, and returns before it has. Of one that has ended, or was killed, the books
   * are closed if they are open, so that its table is free.
   *
   * @throws CommandFailed also when there is nothing left to do
   */
  public void stop(String runId) {
    var look = look(runId);
    if (look.execution.goesOn()) {
      executions.stop(look.execution, "Stopped by its user.");
      return;
    }
    if (look.execution.killed()) {
      executions.stop(look.execution, "Its process was killed, and its user stopped it.");
      look = look(runId);
    } else if (look.busy) {
      throw refused(runId, "has ended, and its books are being closed");
    } else if (look.settlement.isOver()) {
      throw refused(
          runId,
          "has ended already: "
              + look.execution.status()
              + look.execution.stoppedAt().map(at -> " at " + at).orElse(""));
    }
    if (look.settlement.stage() == Stage.UNKNOWN) {
      throw new CommandFailed(ExitCode.UNREACHABLE, look.settlement.doubt());
    }
    if (!look.settlement.isOver()) {
      close(look.execution);
    }
  }

  /**
   * Takes {@code tableName} from {@code runId}, whose execution is gone or was never settled: does
   * what its settlement would have done, from what the ledger says of it. A lease that has become
   * another run's meanwhile is left alone.
   *
   * @return why AWS refused to lower the table's capacity again, if it did; the table is free even
   *     so
   * @throws CommandFailed also when the table is free, held by another run, or the run may be going
   *     on
   */
  public Optional<String> release(String tableName, String runId) {
    var held = TableHolder.confirmed(holder(tableName), tableName, runId);
    var books = place.booksOver(tableName);
    var arn = held.holder().executionArn();
    var record = books.ledger().wholeRun(runId).filter(run -> run.executionArn().equals(arn));
    if (record.filter(RunRecord::isOpen).isPresent()) {
      return close(books, held.lease(), record.get(), same(runId, arn));
    }
    if (!books.ledger().free(tableName, held.lease())) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The lease of the table "
              + tableName
              + " has changed since it was looked at; nothing was changed");
    }
    return Optional.empty();
  }

  private void close(Execution execution) {
    var books = place.booksOf(execution.runId());
    var run = books.ledger().run(execution.runId()).orElseThrow();
    if (Settlement.of(execution, Optional.of(run)).isOver()) {
      return; // somebody else was faster
    }
    var lease = books.ledger().lease(run.tableName());
    if (run.redrives() > execution.redriveCount() && isNewlyHeld(lease)) {
      throw refused(run.runId(), "is being redriven by somebody else just now");
    }
    close(books, lease, run, Optional.of(execution));
  }

  /**
   * Closes the books of a run that has ended, or is gone: takes its table first, so that whoever
   * else has begun to close them, or is late, changes nothing.
   */
  private Optional<String> close(
      Bookkeeping books, Lease seen, RunRecord run, Optional<Execution> execution) {
    books.ledger().takeToSettle(run, seen, waiting.now());
    var outcome =
        books
            .settling()
            .settle(
                ending(run, execution.filter(Execution::hasEnded)),
                () -> same(run.runId(), run.executionArn()));
    if (outcome.failure().isPresent()) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "The books of the run "
              + run.runId()
              + " could not be closed ("
              + outcome.failure().get()
              + "); its table may not be free. Every step may be repeated: try again");
    }
    if (books.ledger().lease(run.tableName()).isHeldBy(run.executionArn())) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The run "
              + run.runId()
              + " goes on again, or was redriven just now; the table "
              + run.tableName()
              + " is still its own");
    }
    return outcome.capacityNotRestored();
  }

  private static Ending ending(Execution execution) {
    return new Ending(
        execution.arn(),
        execution.runId(),
        execution.status(),
        execution.stoppedAt().orElse(execution.startedAt()),
        execution.error().orElse(""),
        execution.cause().orElse(""),
        execution.redriveCount(),
        RunRequestJson.write(execution.request()).toString());
  }

  /** A redrive that took the table and died has left the end before it to be settled as its own. */
  private Ending ending(RunRecord run, Optional<Execution> ended) {
    if (ended.isPresent()) {
      var ending = ending(ended.get());
      return new Ending(
          ending.executionArn(),
          ending.runId(),
          ending.status(),
          ending.at(),
          ending.error(),
          ending.cause(),
          Math.max(ending.redriveCount(), run.redrives()),
          ending.input());
    }
    return new Ending(
        run.executionArn(),
        run.runId(),
        RunStatus.ABORTED,
        waiting.now(),
        "Released",
        "Its execution was not to be found, and its user released its table.",
        run.redrives(),
        run.request());
  }

  // ---- redriven ----

  /**
   * Goes on with a run that failed, was stopped or was killed, from where each segment stood, and
   * follows it to its end as {@link #run} does.
   *
   * @param acceptNewCode whether it may go on with other code than it began with
   * @throws CommandFailed also when there is nothing to go on with, or another run has the table
   */
  public RunEnding redrive(
      String runId, boolean acceptNewCode, RunObserver observer, StopSignal stop) {
    var look = onceSettled(runId, stop);
    if (isOnlyToBeSettled(look)) {
      close(look.execution);
      return ending(report(runId));
    }
    refuseToRedrive(look);
    refuseCodeOfAnUndo(look.execution.request(), acceptNewCode);
    if (look.settlement.record().isEmpty()) {
      goOnWithoutBooks(look.execution, acceptNewCode);
    } else {
      goOn(look.settlement.record().get(), acceptNewCode);
      if (look.rate.filter(RunRate::isHeldByAlarm).isPresent()) {
        observer.adjusted("It waits while a CloudWatch alarm is on");
      } else if (look.rate.filter(RunRate::isAtGate).isPresent()) {
        observer.adjusted(
            "It waits at the gate of its canary, until 'godwit resume " + runId + "'");
      } else if (look.rate.filter(RunRate::paused).isPresent()) {
        resume(runId, observer);
      }
      if (look.mapRuns.begun()
          && look.execution.hasEnded()
          && look.execution.request().prewarm().isPresent()) {
        observer.adjusted(
            "Capacity is not raised again: the run goes on behind its prewarm, and what was raised for it was restored when it ended");
      }
    }
    return follow(runId, observer, stop);
  }

  /** Whoever redrives a run that was paused wants it to go on. */
  private void resume(String runId, RunObserver observer) {
    try {
      change(runId, RateOrder.RESUME);
      observer.adjusted("It was paused, and goes on now");
    } catch (CommandFailed e) {
      observer.adjusted(
          "It is paused, and waits until 'godwit resume " + runId + "' (" + e.getMessage() + ")");
    }
  }

  private static boolean isOnlyToBeSettled(Look look) {
    return look.execution.status() == RunStatus.SUCCEEDED
        && (look.settlement.stage() == Stage.ENDED
            || look.settlement.stage() == Stage.TAKEN_TO_REDRIVE);
  }

  /**
   * The run once nobody is about to settle its last ending, nor to redrive it. That is waited for
   * for a while, to meet as few others as can be; the fence sees to the rest.
   */
  private Look onceSettled(String runId, StopSignal stop) {
    var end = waiting.now().plus(manners.settledWithin());
    var look = look(runId);
    while (look.busy) {
      if (stop.isStopped()) {
        throw refused(runId, "has ended, and its books are not closed yet; nothing was changed");
      }
      if (!waiting.now().isBefore(end)) {
        break;
      }
      waiting.pause(manners.lookedAtEvery(), stop);
      look = look(runId);
    }
    if (look.execution.hasEnded() && look.execution.beingSettled()) {
      throw refused(
          runId, "has ended, and its books are being closed; redrive it when they are closed");
    }
    return look;
  }

  private static void refuseCodeOfAnUndo(RunRequest request, boolean acceptNewCode) {
    if (acceptNewCode && request.undo().isPresent()) {
      throw refused(
          request.runId(), "runs no migration's code; redrive it without --accept-new-code");
    }
  }

  private void refuseToRedrive(Look look) {
    var execution = look.execution;
    var runId = execution.runId();
    if (execution.goesOn()) {
      throw refused(runId, "is running; watch it: 'godwit watch " + runId + "'");
    }
    if (execution.status() == RunStatus.SUCCEEDED) {
      throw refused(runId, "has succeeded; there is nothing to go on with");
    }
    if (look.settlement.stage() == Stage.NOT_OPENED && execution.hasEnded()) {
      throw refused(
          runId, "never began; start a new one, under another --run-id, with 'godwit run'");
    }
    if (look.settlement.stage() == Stage.UNKNOWN) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, look.settlement.doubt() + ". Nothing was changed");
    }
    look.settlement
        .record()
        .flatMap(RunRecord::undoneBy)
        .ifPresent(
            undoing -> {
              throw refused(
                  runId,
                  "was undone, in whole or in part, by the run "
                      + undoing
                      + ", and its segments would go on as if nothing had been taken back; start a new run");
            });
    execution.request().undo().ifPresent(undone -> refuseToGoOnUndoing(look, undone));
    if (execution.notRedrivable().isPresent()) {
      throw refused(
          runId,
          "cannot be redriven: "
              + execution.notRedrivable().get()
              + " Start a new run: what is migrated already is kept");
    }
  }

  /** Another may have undone it since, and a later run have written the same again. */
  private void refuseToGoOnUndoing(Look look, String undone) {
    var runId = look.execution.runId();
    if (look.settlement.record().isEmpty()) {
      return; // it wrote nothing
    }
    var marked = place.booksOf(runId).ledger().wholeRun(undone).flatMap(RunRecord::undoneBy);
    if (marked.isPresent() && !marked.get().equals(runId)) {
      throw refused(
          runId,
          "was to undo "
              + undone
              + ", which the run "
              + marked.get()
              + " has begun to undo since; go on with that one");
    }
    try {
      place.results().checkedBeforeImages(undone, place.resultsLocation(undone));
    } catch (IOException e) {
      throw unreadable(undone, e);
    }
  }

  static CommandFailed refused(String runId, String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, "The run " + runId + " " + why);
  }

  /** A run that writes nothing, or was killed before it was opened and opens itself. */
  private void goOnWithoutBooks(Execution execution, boolean acceptNewCode) {
    if (acceptNewCode) {
      place.accept(execution.request(), place.codeNow(execution.request()));
    }
    try {
      executions.redrive(execution, token(execution));
    } catch (NotRedriven e) {
      throw notRedriven(execution.runId(), e);
    }
    redriven.put(execution.runId(), new Redriven(execution.redriveCount() + 1, waiting.now()));
  }

  private static CommandFailed notRedriven(String runId, NotRedriven e) {
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "The run " + runId + " could not be redriven (" + e.getMessage() + ")",
        e);
  }

  private void goOn(RunRecord run, boolean acceptNewCode) {
    var ledger = place.booksOf(run.runId()).ledger();
    // Before the table is taken: nobody frees it under this while it waits.
    var accepted =
        acceptNewCode
            ? Optional.of(place.codeNow(RunRequestJson.read(run.request())))
            : Optional.<Code>empty();
    // The ledger before the execution: whoever is faster than this has changed the one or the
    // other.
    var lease = ledger.lease(run.tableName());
    var execution = known(run.runId());
    if (execution.goesOn()) {
      throw refused(run.runId(), "is running; watch it: 'godwit watch " + run.runId() + "'");
    }
    if (!acceptNewCode) {
      refuseNewCode(run, execution);
    }
    var since = waiting.now();
    var taken = ledger.takeToRedrive(run, lease, execution.redriveCount() + 1, accepted, since);
    boolean keep = false;
    try {
      // The ledger has it already: a redrive that dies or is refused here leaves the ledger to say
      // which code the run has, and the next one goes by that.
      if (accepted.isPresent()) {
        place.accept(execution.request(), accepted.get());
      } else if (run.code().isPresent() && run.workerVersion().isPresent()) {
        place.hold(execution.request(), new Code(run.code().get(), run.workerVersion().get()));
      }
      if (waiting.now().isAfter(since.plus(REDRIVEN_WITHIN))) {
        throw refused(
            run.runId(),
            "was not redriven: its table was taken for that more than "
                + REDRIVEN_WITHIN.toMinutes()
                + " minutes ago, and may be another's soon. Try again");
      }
      executions.redrive(execution, token(execution));
      keep = true;
    } catch (NotRedriven e) {
      keep = !e.isSure();
      if (e.isSure() || !goesOn(run.runId())) {
        throw e.isSure() ? notRedriven(run.runId(), e) : unsure(run.runId(), e);
      }
    } finally {
      if (!keep) {
        giveBack(ledger, taken);
      }
    }
    redriven.put(run.runId(), new Redriven(execution.redriveCount() + 1, waiting.now()));
    var held = ledger.lease(run.tableName());
    if (held.fence() != taken.fence() || !held.isHeldBy(run.executionArn())) {
      stopUnfenced(run.runId());
    }
  }

  private boolean goesOn(String runId) {
    try {
      return known(runId).goesOn();
    } catch (CommandFailed e) {
      return false;
    }
  }

  private void refuseNewCode(RunRecord run, Execution execution) {
    var now = place.code(execution.request());
    if (now.isPresent() && run.code().isPresent() && !now.equals(run.code())) {
      throw refused(
          run.runId(),
          "began with other code of the migration "
              + run.migration()
              + " than there is now; nothing was changed. Put that back, or go on with the new code: 'godwit redrive "
              + run.runId()
              + " --accept-new-code'");
    }
  }

  private static void giveBack(Ledger ledger, Taken taken) {
    try {
      ledger.giveBack(taken);
    } catch (CommandFailed e) {
      LOG.warn(
          "The table {} was taken for the run {}, and cannot be given back: {}. 'godwit stop {}' frees it",
          taken.before().tableName(),
          taken.before().runId(),
          String.valueOf(e.getMessage()),
          taken.before().runId());
    }
  }

  /** The table stays taken: freed, another run could begin beside one that may go on. */
  private static CommandFailed unsure(String runId, NotRedriven e) {
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "Whether the run "
            + runId
            + " was redriven is not known ("
            + e.getMessage()
            + "); it keeps its table. Look at it: 'godwit status "
            + runId
            + "'. If it does not go on: 'godwit stop "
            + runId
            + "' frees the table, and 'godwit redrive "
            + runId
            + "' tries again",
        e);
  }

  /** Somebody took its table meanwhile, and may free it while it goes on. */
  private void stopUnfenced(String runId) {
    executions
        .describe(runId)
        .filter(Execution::goesOn)
        .ifPresent(
            execution ->
                executions.stop(
                    execution, "Its table was taken by somebody else while it was redriven."));
    throw new CommandFailed(
        ExitCode.BAD_USAGE,
        "The run "
            + runId
            + " was being redriven, stopped or settled by somebody else at the same time, and was stopped again. Look at it: 'godwit status "
            + runId
            + "'");
  }

  /**
   * The same for all who go on from one end of an execution: a call that comes late, when another
   * has gone on from there already, does nothing, though the table may be free again by then.
   */
  private static String token(Execution from) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest((from.arn() + "#" + from.redriveCount()).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, Executions.LONGEST_TOKEN);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  @Override
  public void close() {
    place.close();
  }
}
