package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.facts.DeploymentFacts;
import dev.godwit.cli.facts.RoleReader;
import dev.godwit.cli.folder.Origin;
import dev.godwit.cli.ledger.LedgerSearch;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.migrations.OwnSource;
import dev.godwit.cli.migrations.OwnTarget;
import dev.godwit.cli.migrations.WayDown;
import dev.godwit.cli.plan.Carrier;
import dev.godwit.cli.plan.Check;
import dev.godwit.cli.plan.Plan;
import dev.godwit.cli.plan.PlanJson;
import dev.godwit.cli.plan.Planner;
import dev.godwit.cli.plan.SegmentsAtOnce;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.report.JsonReport;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunId;
import dev.godwit.cli.table.Caller;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.TableChecks;
import dev.godwit.cli.table.Tables;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.migration.Source;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import dev.godwit.run.SourceRules;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.export.ExportMigration;
import dev.godwit.worker.source.LocalSourceFiles;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The way of runs from what their user has said to their ends: on this machine, in this process, or
 * on AWS. All of one path have its options; one may follow the other.
 */
public final class RunPath implements AutoCloseable {
  private static final String ON_AWS = "";

  private final StartOptions options;
  private final Screen screen;
  private final LocalEngines engines;
  private final StateMachines aws;
  private final Interrupts interrupts;

  /** Which ledger a table's runs on this machine have, by the table's name. */
  private final Map<String, String> ledgers = new HashMap<>();

  /** So that it is said once when it is left out. */
  private final Map<Mode, Optional<RunRequest.Prewarm>> prewarms = new EnumMap<>(Mode.class);

  /** What is open, by the ledger; under {@link #ON_AWS} the runs there. */
  private final Map<String, RunLifecycle> places = new HashMap<>();

  private @Nullable DynamoDbConnection connection;

  /** As JSON, of the run that is carried out next; empty for one without. */
  private Optional<String> plan = Optional.empty();

  public RunPath(
      StartOptions options,
      Screen screen,
      LocalEngines engines,
      StateMachines aws,
      Interrupts interrupts) {
    this.options = options;
    this.screen = screen;
    this.engines = engines;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  /**
   * A run that is asked for.
   *
   * @param runId its name; empty for one that is made from the time
   * @param code the digest of the code that is meant; empty for whatever code is there
   * @param parameters what the transform may read besides what else is said of that
   */
  public record Wanted(
      Optional<String> runId,
      String table,
      String migration,
      RunKind kind,
      Optional<String> code,
      Map<String, String> parameters) {
    public Wanted {
      parameters = Map.copyOf(parameters);
    }

    /** A run without such parameters. */
    public Wanted(
        Optional<String> runId,
        String table,
        String migration,
        RunKind kind,
        Optional<String> code) {
      this(runId, table, migration, kind, code, Map.of());
    }

    /** One that exports items, which takes none of its user's code. */
    private boolean isExport() {
      return kind.mode() == Mode.EXPORT;
    }

    /** The same, out of the source and into the target of {@code migration}, if this names none. */
    Wanted withWaysOf(Migration migration) {
      var source = kind.source().or(() -> OwnSource.of(migration).map(SourceOptions::absolute));
      var target =
          kind.target().isPresent() || kind.direction() == Direction.DOWN
              ? kind.target()
              : OwnTarget.of(migration, table);
      return new Wanted(
          runId, table, this.migration, kind.outOf(source).into(target), code, parameters);
    }
  }

  /** Keeps {@code planned} beside the results of the run that is carried out next. */
  public void begunWith(Plan planned) {
    plan = Optional.of(PlanJson.of(planned));
  }

  /** Carries a run out, tells of it, and follows it to its end. */
  public ExitCode carryOut(Wanted wanted) {
    return options.stateMachineArn().isEmpty() ? carryOutHere(wanted) : carryOutOnAws(wanted);
  }

  /**
   * Refuses a run that {@link #carryOut} would refuse before it begins, so that of several runs
   * none is begun. What would be asked is not asked here.
   *
   * @throws CommandFailed when it cannot be
   */
  public void check(Wanted wanted) {
    if (options.stateMachineArn().isEmpty()) {
      prepare(wanted);
    } else {
      var request = request(wanted, SegmentsAtOnce.MOST_ON_AWS);
      refuseFileOfThisMachine(request);
      onAws().check(request);
    }
  }

  /**
   * A run on this machine that may begin.
   *
   * @param items how many the table is thought to hold
   */
  private record Prepared(
      RunRequest request, Migrations migrations, String ledgerTable, long items) {}

  private Prepared prepare(Wanted wanted) {
    var migrations = wanted.isExport() ? Migrations.of(List.of()) : options.local().migrations();
    var chosen =
        wanted.isExport()
            ? new ExportMigration()
            : migrations.byId(wanted.migration(), wanted.table());
    var request = request(wanted.withWaysOf(chosen), RunOptions.concurrencyHere());
    if (wanted.kind().direction() == Direction.DOWN && WayDown.of(chosen).isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "Migration " + wanted.migration() + " has no way down; nothing was changed");
    }
    options.local().checkResults();
    var description = Tables.describe(connection(), wanted.table());
    var ledgerTable =
        request.mode().writes()
            ? ledgerTable(wanted.table())
            : options.ledger().orElse(LedgerTable.OF_MACHINES);
    TableChecks.check(request, Tables.keys(description), ledgerTable);
    request.target().ifPresent(there -> Tables.describe(connection(), there.tableName()));
    request.source().filter(SourceOptions::isHere).ifPresent(RunPath::look);
    boolean isOfTable =
        !OwnTarget.isMade(chosen) && isWholeTable(request) && !OwnSource.isSelection(chosen);
    return new Prepared(request, migrations, ledgerTable, isOfTable ? description.itemCount() : 0);
  }

  /** What is not there is told at once, and not when a run has begun. */
  private static void look(Source source) {
    try {
      new LocalSourceFiles().find(SourceOptions.location(source).orElseThrow());
    } catch (WorkerException e) {
      throw new CommandFailed(ExitCode.BAD_USAGE, e.getMessage() + ". Nothing was begun", e);
    }
  }

  private static boolean isWholeTable(RunRequest request) {
    return request.source().map(SourceRules::isWholeTable).orElse(true);
  }

  private ExitCode carryOutHere(Wanted wanted) {
    var prepared = prepare(wanted);
    var request = prepared.request();
    tellAtOnce(RunOptions.concurrencyHere());
    new GuardCheck(screen, options.agreed()).check(request, connection());
    var engine =
        engines.open(
            connection(),
            prepared.ledgerTable(),
            prepared.migrations(),
            options.local().results(),
            Optional.of(
                Origin.of(
                    connection(),
                    prepared.ledgerTable(),
                    wanted.isExport() ? List.of() : options.local().migrationsJars())));
    return new RunSession(screen, interrupts)
        .follow(
            RunSession.Subject.of(
                    request,
                    new RunProgress(request.totalSegments(), prepared.items(), System::nanoTime),
                    RunSession.Words.here(request.runId()))
                .leaving(
                    runId -> new KeptPage(here(prepared.ledgerTable()), screen, plan).keep(runId))
                .controlledBy(
                    () ->
                        engines.runs(
                            connection(),
                            prepared.ledgerTable(),
                            prepared.migrations(),
                            options.local().results())),
            options.local().json(),
            (observer, stop) -> engine.run(request, observer, stop));
  }

  /**
   * The one in which runs on AWS over the same table take it, if there is one. It is looked for
   * once, and so is a doubt about it told once.
   */
  private String ledgerTable(String table) {
    return options.ledger().orElseGet(() -> ledgers.computeIfAbsent(table, this::foundLedger));
  }

  private String foundLedger(String table) {
    if (!connection().isAws()) {
      return LedgerTable.OF_MACHINES;
    }
    try (var client = connection().client()) {
      var found = new LedgerSearch(client).of(table);
      if (!found.doubt().isEmpty()) {
        screen.err().println(found.doubt() + ".");
      }
      return found.ledgerTable();
    }
  }

  /** The migrations are there, in the worker's layer; it refuses those that it does not know. */
  private ExitCode carryOutOnAws(Wanted wanted) {
    var request = requestOnAws(wanted);
    var runs = onAws();
    return new RunSession(screen, interrupts)
        .follow(
            RunSession.Subject.of(
                    request,
                    new RunProgress(
                        request.totalSegments(),
                        isWholeTable(request) ? runs.estimatedItems(request) : 0,
                        System::nanoTime),
                    RunSession.Words.elsewhere(request.runId()))
                .leaving(new KeptPage(runs, screen, plan))
                .controlledBy(this::openedOnAws),
            options.local().json(),
            (observer, stop) -> runs.run(request, observer, stop));
  }

  /**
   * Starts a run on AWS, and leaves it alone.
   *
   * @throws CommandFailed when it would be on this machine
   */
  void startOnly(Wanted wanted) {
    if (options.stateMachineArn().isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "A run on this machine ends with this process; leave out --no-wait");
    }
    var request = requestOnAws(wanted);
    var runs = onAws();
    runs.warning(request).ifPresent(said -> screen.err().println(said + "."));
    tellStarted(request, runs.start(request));
  }

  /**
   * What a run would do, cost and take, and whether it may begin. Writes nothing.
   *
   * @param given what its user has said of it, by the options' longest names; else it is advised
   * @throws CommandFailed when it cannot be told
   */
  Plan plan(Wanted wanted, Set<String> given, PlanOptions how) {
    var arn = options.stateMachineIfSaid();
    var request =
        request(wanted, arn.isEmpty() ? RunOptions.concurrencyHere() : SegmentsAtOnce.MOST_ON_AWS);
    var migration = options.local().migrations().byId(wanted.migration(), wanted.table());
    if (wanted.kind().target().isPresent()
        || OwnSource.of(migration).isPresent()
        || OwnSource.isSelection(migration)
        || OwnTarget.changesNothing(migration, wanted.table())) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "A run with a target, or of items of an index, a query, a file or an export, or that are made, cannot be planned yet; 'godwit run … --dry-run' tells what it would put there and write. Nothing was begun");
    }
    var there = arn.map(it -> options.connectionIn(region(it))).orElseGet(this::connection);
    var deployment = deployment();
    var carrier =
        deployment
            .map(Carrier::of)
            .orElseGet(() -> arn.isEmpty() ? Carrier.here() : Carrier.onAws());
    var beginning = new ArrayList<>(List.of("godwit run"));
    beginning.addAll(options.words());
    beginning.add("--table " + wanted.table());
    beginning.add("--migration " + wanted.migration());
    beginning.addAll(wanted.kind().words());
    var wish =
        new Planner.Wish(
            request,
            given,
            migration,
            transform(migration, wanted.kind().direction()),
            how.extent(),
            beginning,
            arn.isEmpty() ? Optional.of(options.local().results()) : Optional.empty(),
            deployment
                .map(DeploymentFacts::ledgerTable)
                .or(options::ledger)
                .orElse(LedgerTable.OF_MACHINES));
    return how.withPrices(
        there,
        prices ->
            new Planner(there, prices, carrier)
                .plan(
                    wish,
                    () -> runsIfSaid(wanted.table()).holder(wanted.table()),
                    (tableArn, planned) -> roles(there, deployment, tableArn, planned)));
  }

  /** Where DynamoDB is not AWS's own, nobody has roles. */
  private static List<Check> roles(
      DynamoDbConnection there,
      Optional<DeploymentFacts> deployment,
      String tableArn,
      RunRequest request) {
    if (!there.isAws()) {
      return List.of();
    }
    try (var reader = RoleReader.beside(there, Optional.empty())) {
      var caller = Caller.onAws(there.credentials(), there.region(), Optional.empty());
      return Planner.Roles.told(reader, deployment, caller).checks(tableArn, request);
    }
  }

  /** What is deployed; empty for a run on this machine, and where it may not be looked at. */
  private Optional<DeploymentFacts> deployment() {
    if (options.stateMachineIfSaid().isEmpty()) {
      return Optional.empty();
    }
    try {
      return onAws().deployment();
    } catch (CommandFailed e) {
      if (e.exitCode() != ExitCode.UNREACHABLE) {
        throw e;
      }
      screen.err().println(e.getMessage() + ". The plan goes by what is usual.");
      return Optional.empty();
    }
  }

  private static ItemTransform transform(Migration migration, Direction direction) {
    return direction == Direction.UP
        ? migration.up()
        : WayDown.of(migration)
            .orElseThrow(
                () ->
                    new CommandFailed(
                        ExitCode.BAD_USAGE,
                        "Migration " + migration.id() + " has no way down; nothing was changed"));
  }

  /** Of an ARN, whose form who reads it sees to. */
  private static String region(String arn) {
    var parts = arn.split(":", -1);
    if (parts.length < 4 || parts[3].isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "--sfn-arn (SFN_ARN): give a state machine's ARN, not '" + arn + "'");
    }
    return parts[3];
  }

  private RunLifecycle runsIfSaid(String table) {
    return options.stateMachineIfSaid().isEmpty() ? here(ledgerTable(table)) : onAws();
  }

  private RunRequest requestOnAws(Wanted wanted) {
    var request = request(wanted, SegmentsAtOnce.MOST_ON_AWS);
    refuseFileOfThisMachine(request);
    tellAtOnce(SegmentsAtOnce.MOST_ON_AWS);
    new GuardCheck(screen, options.agreed()).checkIfReadable(request, this::connection);
    return request;
  }

  private static void refuseFileOfThisMachine(RunRequest request) {
    request
        .source()
        .filter(SourceOptions::isHere)
        .ifPresent(
            file -> {
              throw new CommandFailed(
                  ExitCode.BAD_USAGE,
                  "A run on AWS reads files in S3 only: copy "
                      + SourceOptions.location(file).orElseThrow()
                      + " there and name it as s3://BUCKET/KEY, or run on this machine with --local."
                      + " Nothing was begun");
            });
  }

  private void tellAtOnce(int most) {
    var atOnce = options.run().atOnce(most);
    atOnce
        .why()
        .ifPresent(
            why ->
                screen
                    .err()
                    .printf(
                        Locale.ROOT,
                        "At most %,d segments at once: %s; --max-concurrency sets another number.%n",
                        atOnce.number(),
                        why));
  }

  private RunLifecycle onAws() {
    return places.computeIfAbsent(ON_AWS, nothing -> openedOnAws());
  }

  private RunLifecycle openedOnAws() {
    try {
      return aws.at(options.stateMachineArn().orElseThrow());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.BAD_USAGE, "--sfn-arn (SFN_ARN): " + e.getMessage(), e);
    }
  }

  private RunLifecycle here(String ledgerTable) {
    return places.computeIfAbsent(
        ledgerTable,
        ledger ->
            engines.runs(
                connection(), ledger, options.local().migrations(), options.local().results()));
  }

  private DynamoDbConnection connection() {
    if (connection == null) {
      connection = options.connection();
    }
    return connection;
  }

  /**
   * The runs of the place where this path leads, with the books that runs over {@code table} have
   * there. Closed with this path.
   */
  public RunLifecycle runs(String table) {
    return options.stateMachineArn().isEmpty() ? here(ledgerTable(table)) : onAws();
  }

  /** The DynamoDB whose tables are migrated where this path leads. */
  public DynamoDbConnection tables() {
    return options
        .stateMachineArn()
        .map(arn -> options.connectionIn(region(arn)))
        .orElseGet(this::connection);
  }

  /** Knows where the summaries of exports of {@code table} are, as {@code --source} names them. */
  UnaryOperator<String> exportsOf(String table) {
    var arns = new ExportArns(options::connection);
    return name -> arns.manifest(name, () -> runs(table).exports(table));
  }

  /** The words of a command that say where this path leads. */
  public List<String> words() {
    return options.words();
  }

  /** {@code table}, which a stage must have if one was named. */
  public String stageTable(String table) {
    return options.stage().table(table);
  }

  /** All runs that the place remembers where this path leads, newest first. */
  public List<ListedRun> newestFirst() {
    return (options.stateMachineArn().isEmpty()
            ? here(options.ledger().orElse(LedgerTable.OF_MACHINES))
            : onAws())
        .newestFirst();
  }

  private void tellStarted(RunRequest request, Map<String, String> places) {
    if (options.local().json()) {
      screen.out().println(JsonReport.started(request.runId(), places));
    } else {
      screen.out().println("Started the run " + request.runId());
      places.forEach((what, address) -> screen.out().println(what + ": " + address));
    }
    screen.err().println(RunSession.Words.elsewhere(request.runId()).leftAlone());
  }

  private Map<String, String> parameters(Wanted wanted) {
    if (wanted.parameters().isEmpty()) {
      return options.stage().parameters(options.run().parameters());
    }
    var all = new LinkedHashMap<>(options.stage().parameters(options.run().parameters()));
    all.putAll(wanted.parameters());
    return all;
  }

  private RunRequest request(Wanted wanted, int maxConcurrency) {
    wanted.kind().target().ifPresent(there -> options.stage().target(there.tableName()));
    var request =
        options
            .run()
            .request(
                wanted.runId().orElseGet(() -> RunId.next(Instant.now(), new SecureRandom())),
                options.stage().table(wanted.table()),
                wanted.migration(),
                wanted.kind(),
                parameters(wanted),
                prewarms.computeIfAbsent(
                    wanted.kind().mode(), mode -> options.prewarm().prewarm(mode, screen)),
                maxConcurrency);
    return wanted.code().map(request::withCode).orElse(request);
  }

  @Override
  public void close() {
    places.values().forEach(RunLifecycle::close);
  }
}
