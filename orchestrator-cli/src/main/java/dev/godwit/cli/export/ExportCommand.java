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
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.RunId;
import dev.godwit.run.Exporting;
import dev.godwit.run.Mode;
import dev.godwit.worker.export.ExportMigration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit export --local --table Users --to users.jsonl.gz --read-units-per-second 500",
      "  godwit export --local --table Users --to active.jsonl.gz --filter 'active = :yes' --filter-values '{\":yes\":{\"BOOL\":true}}'"
    })
public final class ExportCommand implements Callable<Integer> {
  private final Screen screen;
  private final LocalEngines engines;
  private final StateMachines aws;
  private final Interrupts interrupts;

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table. Variable: TABLE_NAME.")
  private String table = "";

  @Option(
      names = "--to",
      paramLabel = "WHERE",
      required = true,
      description =
          "The file to write, gzipped if its name ends with .gz; or, with a slash behind it, a folder or s3://BUCKET/PREFIX/, which gets a file for each part. What is there already is never written over.")
  private String to = "";

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
    this.screen = screen;
    this.engines = engines;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    var parameters = parameters();
    Destinations.check(to);
    try (var path = new RunPath(start, screen, engines, aws, interrupts)) {
      return (resumed == null ? begin(path, parameters) : resume(path, resumed)).code();
    }
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
                + to
                + ". Go on: the same command with --resume "
                + run
                + " (and without --filter).");
    return ending;
  }

  private ExitCode write(RunLifecycle runs, String run) {
    var request = runs.state(run).request();
    try (var destination = Destinations.of(to)) {
      long items =
          runs.withResults(
              run,
              results -> {
                var names = results.exported(request);
                screen
                    .err()
                    .println(
                        String.format(
                            Locale.ROOT, "Writing %s from %,d parts …", to, names.size()));
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
          to
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
