package dev.godwit.cli.operate;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.launch.KeptPage;
import dev.godwit.cli.launch.RunSession;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.lifecycle.Undoable;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.cli.run.RunId;
import dev.godwit.run.Guard;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Takes back what a run has written. */
@Command(
    name = "undo",
    description = {
      "Puts back what a run has changed, by the before-images that it has kept: each item as it was, if it still holds what the run left. What somebody has changed since stays, and is on record. It is a run of its own, over the same table in the same segments, that can be watched, stopped, redriven, and undone.",
      "",
      "A run that kept none (--keep-before-images) is undone by its migration's way down, over the whole table, if it has one. What a run did to other tables is not undone.",
      ""
    },
    footer = {"", "Example:", "  godwit undo 20261126-093000-ab12 --dry-run"})
public final class UndoCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;
  private final Interrupts interrupts;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--dry-run",
      description = "Write nothing: count and sample what would be put back.")
  private boolean dryRun;

  /** What takes a run back. */
  enum Way {
    BEFORE_IMAGES("before-images"),
    DOWN("down");

    private final String word;

    Way(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  @Option(
      names = "--by",
      paramLabel = "WAY",
      converter = Ways.class,
      description =
          "before-images, or down: the migration's own way back. Default: before-images if the run has kept them, else down.")
  private @Nullable Way way;

  @Option(
      names = "--run-id",
      paramLabel = "ID",
      description = "Names the new run. Default: made from the time.")
  private @Nullable String runId;

  @Option(
      names = "--max-concurrency",
      paramLabel = "N",
      description = "How many segments at a time. Default: as the run had.")
  private @Nullable Integer maxConcurrency;

  @Option(
      names = "--slice-seconds",
      paramLabel = "N",
      description = "How long one invocation of the worker may take. Default: as the run had.")
  private @Nullable Integer sliceSeconds;

  @Option(
      names = "--read-units-per-second",
      paramLabel = "N",
      description = "The read budget of the whole run. Default: as the run had.")
  private @Nullable Integer readUnits;

  @Option(
      names = "--write-units-per-second",
      paramLabel = "N",
      description = "The write budget of the whole run. Default: as the run had.")
  private @Nullable Integer writeUnits;

  @Option(
      names = "--item-failures-allowed",
      paramLabel = "N",
      description =
          "How many items of a segment may stay as they are, because they were changed since, before the segment fails. Default: all by before-images, 0 by the way down.")
  private @Nullable Integer itemFailuresAllowed;

  @Option(
      names = "--keep-before-images",
      negatable = true,
      fallbackValue = "true",
      defaultValue = "true",
      description =
          "Keep what is overwritten, so that the undo can be undone. Default: ${DEFAULT-VALUE}.")
  private boolean keepBeforeImages;

  @Option(
      names = "--migrations-jar",
      paramLabel = "JAR",
      split = ",",
      description =
          "A jar with the migration, for the way down on this machine. Default: those that the run was started with.")
  private List<Path> migrationsJars = List.of();

  public UndoCommand(Screen screen, StateMachines aws, Interrupts interrupts) {
    this.screen = screen;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    Undoable undoable;
    try (var runs = place.of(aws, run.runId(), List.of())) {
      undoable = runs.undoable(run.runId());
    }
    var chosen = way(undoable);
    tell(undoable, chosen);
    var request = request(undoable, chosen);
    try (var runs = place.like(aws, run.runId(), chosen == Way.DOWN, migrationsJars)) {
      return new RunSession(screen, interrupts)
          .follow(
              RunSession.Subject.of(
                      request,
                      new RunProgress(
                          request.totalSegments(), undoable.images().orElse(0L), System::nanoTime),
                      runs.endsWithProcess()
                          ? RunSession.Words.here(request.runId())
                          : RunSession.Words.elsewhere(request.runId()))
                  .leaving(new KeptPage(runs, screen, Optional.empty()))
                  .controlledBy(() -> place.of(aws, request.runId(), List.of())),
              place.json(),
              (observer, stop) -> runs.run(request, observer, stop))
          .code();
    }
  }

  private Way way(Undoable undoable) {
    if (way == Way.BEFORE_IMAGES && undoable.images().isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The run "
              + run.runId()
              + " kept no before-images; leave out --by to take the migration's way down, if it has one. Nothing was started");
    }
    var chosen = way == null ? undoable.images().isPresent() ? Way.BEFORE_IMAGES : Way.DOWN : way;
    if (chosen == Way.DOWN && undoable.request().undo().isPresent()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The run "
              + run.runId()
              + " has undone "
              + undoable.request().undo().get()
              + " by before-images, and knows neither its parameters nor its stamp. To apply the migration again: 'godwit run' or 'godwit migrate', as then. Nothing was started");
    }
    return chosen;
  }

  private void tell(Undoable undoable, Way chosen) {
    var err = screen.err();
    err.println(
        chosen == Way.BEFORE_IMAGES
            ? String.format(
                Locale.ROOT,
                "Undoing %s by its %,d before-images, which say what each item held.",
                run.runId(),
                undoable.images().orElse(0L))
            : "Undoing "
                + run.runId()
                + " by the way "
                + undoable.request().direction().opposite()
                + " of "
                + undoable.request().migration()
                + ", over the whole table"
                + (undoable.images().isEmpty() ? ": it kept no before-images." : ", as asked."));
    if (undoable.actions() > 0 && chosen == Way.BEFORE_IMAGES) {
      err.println(
          String.format(
              Locale.ROOT,
              "It has also carried out or kept for later %,d actions on other tables: they are not undone.",
              undoable.actions()));
    }
    if (!undoable.others().isEmpty() && chosen == Way.BEFORE_IMAGES) {
      err.println(
          "Earlier runs of this migration have changed items of the table, too. Undo each with a command of its own, the newest first: "
              + String.join(", ", undoable.others())
              + ".");
    }
  }

  private RunRequest request(Undoable undoable, Way chosen) {
    var undone = undoable.request();
    boolean byImages = chosen == Way.BEFORE_IMAGES;
    try {
      return new RunRequest(
          runId == null ? RunId.next(Instant.now(), new SecureRandom()) : runId,
          undone.tableName(),
          undone.migration(),
          undone.direction().opposite(),
          dryRun ? Mode.DRY_RUN : Mode.APPLY,
          undone.totalSegments(),
          maxConcurrency == null ? undone.maxConcurrency() : maxConcurrency,
          sliceSeconds == null ? undone.sliceSeconds() : sliceSeconds,
          byImages && undone.guard() instanceof Guard.None ? new Guard.ReadSet() : undone.guard(),
          byImages ? Optional.empty() : undone.stamp(),
          itemFailuresAllowed == null ? byImages ? Integer.MAX_VALUE : 0 : itemFailuresAllowed,
          0,
          readUnits == null ? undone.readUnitsPerSecond() : OptionalInt.of(readUnits),
          writeUnits == null ? undone.writeUnitsPerSecond() : OptionalInt.of(writeUnits),
          Optional.empty(),
          byImages ? Map.of() : undone.parameters(),
          Optional.empty(),
          byImages ? Optional.of(run.runId()) : Optional.empty(),
          keepBeforeImages,
          byImages ? Optional.empty() : undone.source(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          byImages ? undoable.code() : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  static final class Ways implements ITypeConverter<Way> {
    @Override
    public Way convert(String text) {
      for (Way known : Way.values()) {
        if (known.word.equals(text)) {
          return known;
        }
      }
      throw new TypeConversionException("give before-images or down, not '" + text + "'");
    }
  }
}
