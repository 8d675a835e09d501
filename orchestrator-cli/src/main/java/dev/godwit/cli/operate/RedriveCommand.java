package dev.godwit.cli.operate;

import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.launch.KeptPage;
import dev.godwit.cli.launch.RunSession;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.compiler.MigrationsFolder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Goes on with a run. */
@Command(
    name = "redrive",
    description = {
      "Goes on with a run that failed, was stopped or was killed: each segment from where it stood. Segments that succeeded are not scanned again.",
      "",
      "The run takes its table again first; while another run holds it, nothing is done. On AWS this is possible within 14 days of the run's end.",
      ""
    })
public final class RedriveCommand implements Callable<Integer> {
  private final Screen screen;
  private final StateMachines aws;
  private final Interrupts interrupts;

  @Mixin private RunParameter run = new RunParameter();
  @Mixin private PlaceOptions place = new PlaceOptions();

  @Option(
      names = "--migrations-jar",
      paramLabel = "JAR",
      split = ",",
      description =
          "A jar with migrations, for a run on this machine; may be repeated. Default: those it was started with.")
  private List<Path> migrationsJars = List.of();

  @Option(
      names = "--migrations",
      paramLabel = "FOLDER",
      description =
          "A folder of migrations in Java, for a run on this machine. Default: the code that it was started with.")
  private @Nullable Path migrationsFolder;

  @Option(
      names = "--accept-new-code",
      description =
          "Go on though the migration's code is not what the run began with: what is left is offered to the new code.")
  private boolean acceptNewCode;

  public RedriveCommand(Screen screen, StateMachines aws, Interrupts interrupts) {
    this.screen = screen;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    try (var runs = place.of(aws, run.runId(), jars())) {
      var request = runs.state(run.runId()).request();
      return new RunSession(screen, interrupts)
          .follow(
              RunSession.Subject.of(
                      request,
                      RunProgress.joining(request.totalSegments(), 0, System::nanoTime),
                      runs.endsWithProcess()
                          ? RunSession.Words.here(run.runId())
                          : RunSession.Words.elsewhere(run.runId()))
                  .leaving(new KeptPage(runs, screen, Optional.empty()))
                  .controlledBy(() -> place.of(aws, run.runId(), List.of())),
              place.json(),
              (observer, stop) -> runs.redrive(run.runId(), acceptNewCode, observer, stop))
          .code();
    }
  }

  private List<Path> jars() {
    var jars = new ArrayList<Path>(migrationsJars);
    if (migrationsFolder != null) {
      jars.addAll(MigrationsFolder.at(migrationsFolder).jars());
    }
    return jars;
  }
}
