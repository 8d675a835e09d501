package dev.godwit.cli.launch;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.plan.PlanJson;
import dev.godwit.cli.plan.PlanPage;
import dev.godwit.cli.plan.PlanText;
import dev.godwit.run.Direction;
import dev.godwit.run.Mode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a run would do, cost and take, before it begins. */
@Command(
    name = "plan",
    description = {
      "Says what a run of a migration would do, cost and take, what else it would wake, how it had better be asked for, and whether it may start. Writes nothing but the page that --html asks for, takes no lease, needs read-only credentials.",
      "",
      "It looks at some items of the table, from all over it, with the migration's own transform; what that says of the whole table comes with bounds. Takes the options of 'godwit run': what is given is planned with, the rest is advised. What AWS does not tell, or may not be asked, is said to be unknown. Ends with 0 whatever the answers are; 'godwit run --require-plan' does not begin when one is no.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  godwit plan --table Cities --migration 20261120-city-coordinates",
      "  godwit plan --table Cities --migration 20261120-city-coordinates --sample 5000 --output json"
    })
public final class PlanCommand implements Callable<Integer> {
  private final Screen screen;
  private final LocalEngines engines;
  private final StateMachines aws;
  private final Interrupts interrupts;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table to migrate. Variable: TABLE_NAME.")
  private String table = "";

  @Option(
      names = "--migration",
      paramLabel = "ID",
      required = true,
      description = "Which migration; 'godwit migrations' lists them. Variable: MIGRATION.")
  private String migration = "";

  @Option(names = "--down", description = "Plan what undoes the migration.")
  private boolean down;

  @Option(
      names = "--stamp",
      paramLabel = "ATTRIBUTE",
      description = "As of 'godwit run'. Default: none.")
  private @Nullable String stamp;

  @Option(
      names = "--keep-before-images",
      negatable = true,
      fallbackValue = "true",
      defaultValue = "false",
      description = "As of 'godwit run'. Default: ${DEFAULT-VALUE}.")
  private boolean keepBeforeImages;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description =
          "Also write the plan to this file, as a page for a browser that loads nothing. Default: none.")
  private @Nullable Path html;

  @Mixin private PlanOptions how = new PlanOptions();
  @Mixin private StartOptions start = new StartOptions();

  public PlanCommand(
      Screen screen, LocalEngines engines, StateMachines aws, Interrupts interrupts) {
    this.screen = screen;
    this.engines = engines;
    this.aws = aws;
    this.interrupts = interrupts;
  }

  @Override
  public Integer call() {
    var kind =
        new RunKind(
            down ? Direction.DOWN : Direction.UP,
            Mode.APPLY,
            Optional.ofNullable(stamp),
            Optional.empty(),
            keepBeforeImages,
            Optional.empty(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty());
    var wanted = new RunPath.Wanted(Optional.empty(), table, migration, kind, Optional.empty());
    try (var path = new RunPath(start, screen, engines, aws, interrupts)) {
      var plan = path.plan(wanted, given(), how);
      if (html != null) {
        HtmlFile.write(html, PlanPage.of(plan));
      }
      screen.out().println(start.local().json() ? PlanJson.of(plan) : PlanText.of(plan));
      return ExitCode.DONE.code();
    }
  }

  /** What was said as a flag, or by a variable. */
  private Set<String> given() {
    var given = new HashSet<String>();
    var line = spec.commandLine();
    for (OptionSpec option : spec.options()) {
      boolean isByVariable;
      try {
        isByVariable =
            line.getDefaultValueProvider() != null
                && line.getDefaultValueProvider().defaultValue(option) != null;
      } catch (Exception e) {
        throw new IllegalStateException("A variable cannot be read", e);
      }
      if (isByVariable || line.getParseResult().hasMatchedOption(option)) {
        given.add(option.longestName());
      }
    }
    return given;
  }
}
