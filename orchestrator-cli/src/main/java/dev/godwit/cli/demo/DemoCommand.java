package dev.godwit.cli.demo;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.launch.KeptPage;
import dev.godwit.cli.launch.LocalEngines;
import dev.godwit.cli.launch.LocalOptions;
import dev.godwit.cli.launch.RunOptions;
import dev.godwit.cli.launch.RunSession;
import dev.godwit.cli.launch.SingleRunOptions;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.migrations.WayDown;
import dev.godwit.cli.progress.ItemProgress;
import dev.godwit.cli.progress.ProgressDisplay;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.run.RunId;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.ServiceCalls;
import dev.godwit.cli.table.TableChecks;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Migrations;
import dev.godwit.migration.Source.Format;
import dev.godwit.run.Direction;
import dev.godwit.run.RunRequest;
import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Fills a table in a DynamoDB Local of its own and runs a migration over it. */
@Command(
    name = "demo",
    description = {
      "Fills a table in a DynamoDB Local of its own, runs a migration over it, shows the result.",
      "Nothing of AWS is touched and no credentials are needed.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  godwit demo",
      "  godwit demo --items 500000 --segments 64 --keep 8000",
      "  godwit demo --items-from cities.jsonl.gz --key country,id --migration 20261120-city-coordinates"
    })
public final class DemoCommand implements Callable<Integer> {
  /** Set by what begins godwit.jar: how it is called. The scripts are called by their names. */
  private static final String CALLED = "godwit.called";

  private final Screen screen;
  private final LocalEngines engines;
  private final Interrupts interrupts;

  @Option(
      names = "--migration",
      paramLabel = "ID",
      defaultValue = "20261120-updated-at",
      description = "Which migration; 'godwit migrations' lists them. Default: ${DEFAULT-VALUE}.")
  private String migration = "";

  @Option(
      names = "--table",
      paramLabel = "NAME",
      description = "What the table is called. Default: as the migration wants it.")
  private @Nullable String table;

  @Option(
      names = "--items",
      paramLabel = "N",
      defaultValue = "50000",
      converter = ItemCount.class,
      description = "How many items are made up. Default: ${DEFAULT-VALUE}.")
  private long items;

  @Option(
      names = "--items-from",
      paramLabel = "FILE",
      description =
          "Items from a file of JSON lines in UTF-8, one each, no two of one key; may be gzipped (.gz). Default: none, items are made up.")
  private @Nullable Path itemsFrom;

  @Option(
      names = "--key",
      paramLabel = "NAMES",
      split = ",",
      description =
          "With --items-from: the partition key, and perhaps the sort key, as in country,id. Default: none, it must be said.")
  private List<String> key = List.of();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "json",
      converter = Formats.class,
      description =
          "With --items-from: json or dynamodb-json, also as AWS exports it to S3. Default: ${DEFAULT-VALUE}.")
  private Format format = Format.JSON;

  @Option(
      names = "--keep",
      paramLabel = "PORT",
      converter = Port.class,
      description =
          "Serve the table on 127.0.0.1:PORT, also afterwards, until Ctrl-C. Default: a free port, while the run lasts.")
  private @Nullable Integer keep;

  /** Where the page about the run is; empty before it is written. */
  private Optional<String> page = Optional.empty();

  @Mixin private LocalOptions local = new LocalOptions();
  @Mixin private RunOptions options = new RunOptions();
  @Mixin private SingleRunOptions single = new SingleRunOptions();

  public DemoCommand(Screen screen, LocalEngines engines, Interrupts interrupts) {
    this.screen = screen;
    this.engines = engines;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    var migrations = local.migrationsFor(migration);
    var chosen = migrations.byId(migration);
    var tableName = table == null ? nameFor(chosen.table()) : table;
    var meant = migrations.byId(migration, tableName);
    if (single.kind().direction() == Direction.DOWN && WayDown.of(meant).isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE, "Migration " + migration + " has no way down; nothing was changed");
    }
    var request =
        options.request(
            RunId.next(Instant.now(), new SecureRandom()),
            tableName,
            migration,
            single.kind(),
            options.parameters(),
            Optional.empty(),
            RunOptions.concurrencyHere());
    local.checkResults();
    var source = source();
    TableChecks.check(request, keyNames(source), LedgerTable.OF_MACHINES);
    try (var dynamoDb = serve()) {
      return show(dynamoDb, source, migrations, request).code();
    }
  }

  private ItemSource source() {
    if (itemsFrom == null) {
      if (!key.isEmpty()) {
        throw new CommandFailed(
            ExitCode.BAD_USAGE,
            "--key goes with --items-from; the items made up have their own key");
      }
      return new GeneratedItems(items);
    }
    if (key.isEmpty() || key.size() > 2 || key.contains("")) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "Name the key of the items in "
              + itemsFrom
              + ": --key PARTITION or --key PARTITION,SORT, as in --key country,id");
    }
    return ItemFile.checked(itemsFrom, format, key);
  }

  private LocalDynamoDb serve() {
    try {
      return keep == null ? LocalDynamoDb.inMemory() : LocalDynamoDb.inMemory(keep);
    } catch (IllegalStateException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "Port " + keep + " cannot be served (" + e.getMessage() + "); choose another for --keep",
          e);
    }
  }

  private ExitCode show(
      LocalDynamoDb dynamoDb, ItemSource source, Migrations migrations, RunRequest request) {
    var talk = local.json() ? screen.err() : screen.out();
    var connection = DynamoDbConnection.local(dynamoDb.endpoint());
    dynamoDb.createTable(request.tableName(), source.keys());
    talk.printf(
        "Table %s in a DynamoDB Local of its own, key %s%n",
        request.tableName(), String.join(", ", source.keys()));
    try (var wire = ServiceCalls.over(connection)) {
      fill(wire, source, request.tableName());
      var looking = new OneItem(wire, request.tableName(), keyNames(source), source);
      var before = looking.now();
      var engine =
          engines.open(
              connection, LedgerTable.OF_MACHINES, migrations, local.results(), Optional.empty());
      var ending =
          new RunSession(screen, interrupts)
              .follow(
                  RunSession.Subject.of(
                          request,
                          new RunProgress(
                              request.totalSegments(), source.count(), System::nanoTime),
                          RunSession.Words.here(
                              Optional.of("The demo's table is gone with it."),
                              "The demo's table is gone with it."))
                      .leaving(runId -> page(connection, migrations, runId))
                      .controlledBy(
                          () ->
                              engines.runs(
                                  connection,
                                  LedgerTable.OF_MACHINES,
                                  migrations,
                                  local.results())),
                  local.json(),
                  (observer, stop) -> engine.run(request, observer, stop));
      if (ending != ExitCode.STOPPED) {
        tellAfterwards(talk, before, looking.now());
        page.ifPresent(
            where -> {
              talk.println();
              talk.println("A page about the run, to be opened in a browser:");
              talk.println("  " + where);
            });
        keepServing(talk, dynamoDb, request);
      }
      return ending;
    }
  }

  private Optional<String> page(
      DynamoDbConnection connection, Migrations migrations, String runId) {
    try (var runs =
        engines.runs(connection, LedgerTable.OF_MACHINES, migrations, local.results())) {
      page = new KeptPage(runs, screen, Optional.empty()).keep(runId);
    }
    return page;
  }

  private void fill(ServiceCalls wire, ItemSource source, String tableName) {
    var progress = new ItemProgress(source.count());
    ProgressDisplay.during(
        screen,
        "Filling  ",
        progress,
        () -> {
          try (var made = source.items()) {
            new TableFiller(wire, tableName, source::name).fill(made, progress);
            return tableName;
          }
        });
  }

  private void tellAfterwards(PrintStream talk, String before, String after) {
    talk.println();
    talk.println("One item before:");
    talk.println("  " + before);
    talk.println("and now:");
    talk.println("  " + after);
    talk.println();
    talk.println(
        "Every segment was scanned page by page; each change was written only if what the migration had read was still so.");
    talk.println("Try next:");
    var jar = System.getProperty(CALLED);
    var commands =
        jar == null
            ? List.of(
                "scripts/godwit migrations",
                "scripts/demo --dry-run",
                "scripts/demo --keep 8000",
                "scripts/run --help")
            : List.of(
                jar + " migrations",
                jar + " demo --dry-run",
                jar + " demo --keep 8000",
                jar + " run --help");
    var what =
        List.of(
            "the migrations to choose from",
            "count, write nothing",
            "look at the table afterwards",
            "a table of your own");
    int width = commands.stream().mapToInt(String::length).max().orElse(0);
    for (int i = 0; i < commands.size(); i++) {
      talk.println(
          "  " + commands.get(i) + " ".repeat(width - commands.get(i).length() + 4) + what.get(i));
    }
  }

  private void keepServing(PrintStream talk, LocalDynamoDb dynamoDb, RunRequest request) {
    if (keep == null) {
      return;
    }
    talk.println();
    talk.println("Serving at " + dynamoDb.endpoint() + " until Ctrl-C; any credentials will do:");
    talk.println(
        "  AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local aws dynamodb scan --table-name "
            + request.tableName()
            + " --max-items 3 --region us-east-1 --endpoint-url "
            + dynamoDb.endpoint());
    talk.flush();
    var stop = new StopSignal();
    var stopped = new CountDownLatch(1);
    stop.onStop(stopped::countDown);
    interrupts.during(
        stop,
        () -> {
          try {
            stopped.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return ExitCode.DONE;
        });
  }

  private static String nameFor(String pattern) {
    var name = pattern.replace("*", "");
    return name.length() < 3 ? "Demo" + name : name;
  }

  private static List<String> keyNames(ItemSource source) {
    return Arrays.stream(source.keys()).map(name -> name.replaceFirst(":[SNB]$", "")).toList();
  }

  static final class ItemCount implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      try {
        long count = Long.parseLong(text);
        if (count >= 1) {
          return count;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException("give a whole number of at least 1, not '" + text + "'");
    }
  }

  static final class Port implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      try {
        int port = Integer.parseInt(text);
        if (port >= 1 && port <= 65535) {
          return port;
        }
      } catch (NumberFormatException e) {
        // told below
      }
      throw new TypeConversionException("give a port from 1 to 65535, not '" + text + "'");
    }
  }

  static final class Formats implements ITypeConverter<Format> {
    @Override
    public Format convert(String text) {
      try {
        return Format.of(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("give json or dynamodb-json, not '" + text + "'");
      }
    }
  }
}
