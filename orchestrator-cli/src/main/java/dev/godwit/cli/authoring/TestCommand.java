package dev.godwit.cli.authoring;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.compiler.CompiledTests;
import dev.godwit.compiler.MigrationsFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compiles the migrations of a folder and runs their tests. */
@Command(
    name = "test",
    description = {
      "Compiles the migrations of a folder and runs their tests, with JUnit 5; the testkit is there for them.",
      "",
      "Tests are the classes whose names end with Test or Tests; what else they need may be in a folder test beside them. No table is touched.",
      ""
    },
    footer = {
      "",
      "Ends with 1 when a test fails, with 2 when there is none or something does not compile.",
      "",
      "Examples:",
      "  godwit test",
      "  godwit test 20261120-add-full-name"
    })
public final class TestCommand implements Callable<Integer> {
  private final Screen screen;

  @Parameters(
      paramLabel = "ID",
      arity = "0..1",
      description = "The migration whose tests are run. Default: all.")
  private @Nullable String id;

  @Option(
      names = {"--migrations", "--folder"},
      paramLabel = "FOLDER",
      defaultValue = MigrationsFolder.NAME,
      description = "Where migrations are. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of(MigrationsFolder.NAME);

  public TestCommand(Screen screen) {
    this.screen = screen;
  }

  @Override
  public Integer call() {
    var migrations = MigrationsFolder.at(folder);
    var names = id == null ? migrations.withTests() : List.of(id);
    var classPath = TestRun.classPath();
    int run = 0;
    int failed = 0;
    for (String name : names) {
      Optional<CompiledTests> tests = migrations.tests(name, classPath);
      if (tests.isPresent()) {
        var outcome = TestRun.of(tests.get());
        tell(name, outcome);
        run += outcome.found();
        failed += outcome.failures().size();
      }
    }
    if (run == 0 && failed == 0) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "There is no test in "
              + (id == null ? folder : folder.resolve(id))
              + "; write one in a class whose name ends with Test, as 'godwit create' does");
    }
    return (failed == 0 ? ExitCode.DONE : ExitCode.RUN_FAILED).code();
  }

  private void tell(String name, TestRun.Outcome outcome) {
    screen
        .out()
        .println(
            name
                + "  "
                + outcome.passed()
                + (outcome.passed() == 1 ? " test passed" : " tests passed")
                + (outcome.failures().isEmpty() ? "" : ", " + outcome.failures().size() + " failed")
                + (outcome.skipped() == 0 ? "" : ", " + outcome.skipped() + " skipped"));
    outcome.failures().forEach(screen.out()::println);
  }
}
