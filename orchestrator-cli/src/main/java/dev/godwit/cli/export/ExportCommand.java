package dev.godwit.cli.export;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.launch.KeptPage;
import dev.godwit.cli.launch.LocalEngines;
import dev.godwit.cli.launch.RunKind;
import dev.godwit.cli.launch.RunPath;
import dev.godwit.cli.launch.RunSession;
import dev.godwit.cli.launch.StartOptions;
import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.lifecycle.Waiting;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.report.ExportTexts;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.RunId;
import dev.godwit.cli.table.Tables;
import dev.godwit.run.Exporting;
import dev.godwit.run.Mode;
import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.ExportRecord.Location;
import dev.godwit.worker.export.ExportMigration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Writes the items of a table to a file, by a run that changes nothing. */
@Command(
    name = "export",
    description = {
      "Writes the items of a table to a file, one on each line, as DynamoDB JSON. It is a run that changes nothing: a parallel scan, within a budget, that can be stopped and gone on with. 'godwit run --source' reads the file.",
      "",
      "Items are read one after the other while others may write: the file is no picture of one moment.",
      "",
      "With --point-in-time DynamoDB itself exports the table to S3, as it was at one moment: no run, no read units, point-in-time recovery has to be on. The command waits for it, and the ledger knows it; 'godwit run --source' takes its ARN. Asked for again while it is under way, or for the same --migration when it is there, it is found, and no second one is begun. Ctrl-C ends the watch, not the export.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit export --local --table Users --to users.jsonl.gz --read-units-per-second 500",
      "  godwit export --local --table Users --to active.jsonl.gz --filter 'active = :yes' --filter-values '{\":yes\":{\"BOOL\":true}}'",
      "  SFN_ARN=arn:aws:states:eu-west-1:123456789012:stateMachine:NAME godwit export --table Users --point-in-time --migration 20261126-users-by-mail"
    })
public final class ExportCommand implements Callable<Integer> {
  /** Where exports go in a bucket for results. */
  private static final String EXPORTS = "exports";

  private static final Pattern MIGRATION = Pattern.compile("[0-9A-Za-z][0-9A-Za-z._-]{0,127}");

  /** S3's rule for names of buckets: user guide, "Bucket naming rules"; read 2026-11-26. */
  private static final Pattern S3_PLACE =
      Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/?(.*?)/?");

  private final Screen screen;
  private final LocalEngines engines;
  private final StateMachines aws;
  private final Interrupts interrupts;
  private final Waiting waiting;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table. Variable: TABLE_NAME.")
  private String table = "";

  @Option(
      names = "--to",
      paramLabel = "WHERE",
      description =
          "Required, but with --point-in-time. The file to write, gzipped if its name ends with .gz; or, with a slash behind it, a folder or s3://BUCKET/PREFIX/, which gets a file for each part. What is there already is never written over. With --point-in-time: s3://BUCKET/PREFIX. Default: exports/ in the results bucket of --sfn-arn.")
  private @Nullable String to;

  @Option(
      names = "--point-in-time",
      description =
          "Have DynamoDB export the table to S3 (ExportTableToPointInTime, DynamoDB JSON, gzipped), and wait for it.")
  private boolean pointInTime;

  @Option(
      names = "--export-time",
      paramLabel = "TIME",
      description =
          "With --point-in-time: the moment of the table, as in 2026-11-26T12:00:00Z. Default: when it is asked for.")
  private @Nullable String exportTime;

  @Option(
      names = "--migration",
      paramLabel = "ID",
      description =
          "With --point-in-time: the migration that the export is made for; 'godwit run --source export:ID' then finds it. One that is there is taken, and no other begun. Default: none, each is a new one; variable: MIGRATION.")
  private @Nullable String migration;

  @Option(
      names = "--again",
      description =
          "With --point-in-time: begin another, though one for the same migration is there. One that is under way is waited for all the same.")
  private boolean again;

  @Option(
      names = "--deadline-minutes",
      paramLabel = "N",
      description =
          "With --point-in-time: stop waiting after N minutes, and end with 3; the export goes on. Default: none, however long it takes.")
  private @Nullable Integer deadlineMinutes;

  @Option(
      names = "--filter",
      paramLabel = "EXPRESSION",
      description =
          "Only the items that this filter expression holds for. What is left out costs the same reads. Default: none, all items.")
  private @Nullable String filter;

  @Option(
      names = "--filter-names",
      paramLabel = "JSON",
      description = "What its #names stand for, as in {\"#kind\":\"kind\"}. Default: none.")
  private @Nullable String filterNames;

  @Option(
      names = "--filter-values",
      paramLabel = "JSON",
      description =
          "What its :values stand for, as DynamoDB JSON, as in {\":kind\":{\"S\":\"user\"}}. Default: none.")
  private @Nullable String filterValues;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Names the run. Default: made from the time.")
  private @Nullable String runId;

  @Option(
      names = "--resume",
      paramLabel = "RUN",
      description =
          "Go on with the export RUN where it stood, if it has not succeeded, and write its file. Default: none, a new one is begun.")
  private @Nullable String resumed;

  @Mixin private StartOptions start = new StartOptions();

  public ExportCommand(
      Screen screen, LocalEngines engines, StateMachines aws, Interrupts interrupts) {
    this(screen, engines, aws, interrupts, Waiting.REAL);
  }

  /**
   * @param waiting made up in tests
   */
  ExportCommand(
      Screen screen,
      LocalEngines engines,
      StateMachines aws,
      Interrupts interrupts,
      Waiting waiting) {
    this.waiting = waiting;
    this.screen = screen;
    this.engines = engines;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    if (pointInTime) {
      return exportToPointInTime().code();
    }
    if (exportTime != null || again || deadlineMinutes != null) {
      throw refused(
          "--export-time, --again and --deadline-minutes are of an export that DynamoDB makes: add --point-in-time");
    }
    var parameters = parameters();
    Destinations.check(to());
    try (var path = new RunPath(start, screen, engines, aws, interrupts)) {
      return (resumed == null ? begin(path, parameters) : resume(path, resumed)).code();
    }
  }

  private String to() {
    if (to == null) {
      throw refused(
          "Say where the items are to go, with --to FILE; or add --point-in-time to have DynamoDB export the table to S3");
    }
    return to;
  }

  private ExitCode exportToPointInTime() {
    if (filter != null || filterNames != null || filterValues != null) {
      throw refused("DynamoDB exports whole tables: leave out --filter, or --point-in-time");
    }
    if (resumed != null || runId != null) {
      throw refused(
          "An export that DynamoDB makes is no run: leave out --resume and --run-id; the same command, asked again, goes on watching it");
    }
    if (deadlineMinutes != null && deadlineMinutes < 1) {
      throw refused("--deadline-minutes is at least 1, not " + deadlineMinutes);
    }
    if (migration != null && !MIGRATION.matcher(migration).matches()) {
      throw refused(
          "\"" + migration + "\" is not a migration's id, as in 20261120-city-coordinates");
    }
    var atTime = Optional.ofNullable(exportTime).map(ExportCommand::time);
    var said = Optional.ofNullable(to).map(ExportCommand::destination);
    try (var path = new RunPath(start, screen, engines, aws, interrupts)) {
      var tables = path.tables();
      var tableName = path.stageTable(table);
      var tableArn = Tables.describe(tables, tableName).tableArn();
      var runs = path.runs(tableName);
      var destination =
          said.or(() -> runs.resultsBucket().map(bucket -> new Location(bucket, EXPORTS)))
              .orElseThrow(
                  () ->
                      refused(
                          "Say where in S3 the export is to go: --to s3://BUCKET/PREFIX; without a state machine there is no bucket for results"));
      var books = runs.exportsToWrite(tableName);
      PointInTimeExport.Outcome outcome;
      try (var exports = new S3Export(tables)) {
        outcome =
            new PointInTimeExport(screen, interrupts, waiting)
                .carryOut(
                    new PointInTimeExport.Wanted(
                        tableName,
                        tableArn,
                        migration == null ? ExportRecord.NO_PURPOSE : migration,
                        destination,
                        said.isPresent(),
                        atTime,
                        again,
                        runs.signature(tableName).by(),
                        Optional.ofNullable(deadlineMinutes).map(Duration::ofMinutes)),
                    exports,
                    books);
      }
      var export = outcome.export();
      screen
          .out()
          .println(start.local().json() ? ExportTexts.json(export) : ExportTexts.summary(export));
      if (export.status() == ExportRecord.Status.COMPLETED) {
        screen
            .err()
            .println(
                "Take items from it: godwit run "
                    + String.join(" ", path.words())
                    + " --table "
                    + tableName
                    + " --migration "
                    + (migration == null ? "ID" : migration)
                    + " --source "
                    + export.arn().orElseThrow());
      }
      return outcome.exit();
    }
  }

  private static Instant time(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw refused(
          "--export-time is a time in UTC, as in 2026-11-26T12:00:00Z, not \"" + text + "\"");
    }
  }

  private static Location destination(String text) {
    var place = S3_PLACE.matcher(text);
    if (!place.matches()) {
      throw refused(
          "DynamoDB exports tables to S3 only: write --to s3://BUCKET/PREFIX, not " + text);
    }
    return new Location(place.group(1), place.group(2));
  }

  private Map<String, String> parameters() {
    var parameters = new HashMap<String, String>();
    put(parameters, Exporting.FILTER, filter);
    put(parameters, Exporting.FILTER_NAMES, filterNames);
    put(parameters, Exporting.FILTER_VALUES, filterValues);
    if (resumed != null && (!parameters.isEmpty() || runId != null)) {
      throw refused(
          "--resume goes on with an export as it was begun: leave out --filter and --run-id");
    }
    if (filter == null && !parameters.isEmpty()) {
      throw refused("--filter-names and --filter-values are of a filter: say it with --filter");
    }
    try {
      ExportMigration.filter(parameters);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
    return parameters;
  }

  private static void put(Map<String, String> parameters, String name, @Nullable String value) {
    if (value != null) {
      parameters.put(name, value);
    }
  }

  private ExitCode begin(RunPath path, Map<String, String> parameters) {
    var run = runId == null ? RunId.next(Instant.now(), new SecureRandom()) : runId;
    var ending =
        path.carryOut(
            new RunPath.Wanted(
                Optional.of(run),
                table,
                Exporting.MIGRATION,
                RunKind.export(),
                Optional.empty(),
                parameters));
    return ending == ExitCode.DONE ? write(path.runs(table), run) : howToGoOn(run, ending);
  }

  private ExitCode resume(RunPath path, String run) {
    var runs = path.runs(table);
    var state = runs.state(run);
    var request = state.request();
    if (request.mode() != Mode.EXPORT || !request.tableName().equals(table)) {
      throw refused("The run " + run + " is no export of the table " + table);
    }
    if (state.word().equals("SUCCEEDED")) {
      return write(runs, run);
    }
    var ending =
        new RunSession(screen, interrupts)
            .follow(
                RunSession.Subject.of(
                        request,
                        RunProgress.joining(request.totalSegments(), 0, System::nanoTime),
                        runs.endsWithProcess()
                            ? RunSession.Words.here(run)
                            : RunSession.Words.elsewhere(run))
                    .leaving(new KeptPage(runs, screen, Optional.empty())),
                start.local().json(),
                (observer, stop) -> runs.redrive(run, false, observer, stop));
    return ending == ExitCode.DONE ? write(runs, run) : howToGoOn(run, ending);
  }

  private ExitCode howToGoOn(String run, ExitCode ending) {
    screen
        .err()
        .println(
            "Nothing was written to "
                + to()
                + ". Go on: the same command with --resume "
                + run
                + " (and without --filter).");
    return ending;
  }

  private ExitCode write(RunLifecycle runs, String run) {
    var request = runs.state(run).request();
    try (var destination = Destinations.of(to())) {
      long items =
          runs.withResults(
              run,
              results -> {
                var names = results.exported(request);
                screen
                    .err()
                    .println(
                        String.format(
                            Locale.ROOT, "Writing %s from %,d parts …", to(), names.size()));
                long taken = 0;
                for (String name : names) {
                  taken += take(results, name, destination);
                }
                return taken;
              });
      destination.finish();
      screen
          .err()
          .println(
              String.format(Locale.ROOT, "Exported: %,d items to %s.", items, destination.name()));
      return ExitCode.DONE;
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailed(
          ExitCode.RUN_FAILED,
          to()
              + " could not be written ("
              + e.getMessage()
              + "); the items are read, and kept: the same command with --resume "
              + run
              + " writes them",
          e);
    }
  }

  /** Answers how many items {@code name} has. */
  private static long take(RunResults results, String name, Destination destination)
      throws IOException {
    byte[] gzipped;
    try (var file = results.read(name)) {
      gzipped = file.readAllBytes();
    }
    var lines = new GZIPInputStream(new ByteArrayInputStream(gzipped)).readAllBytes();
    long items = linesIn(lines);
    if (items > 0) {
      take(destination, gzipped, lines);
    }
    return items;
  }

  /** What goes wrong here has nothing to do with the results that are read. */
  private static void take(Destination destination, byte[] gzipped, byte[] lines) {
    try {
      destination.take(gzipped, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long linesIn(byte[] text) {
    long lines = 0;
    for (byte b : text) {
      lines += b == '\n' ? 1 : 0;
    }
    return lines;
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was begun");
  }
}
