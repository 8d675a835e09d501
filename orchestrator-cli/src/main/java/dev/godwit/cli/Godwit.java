package dev.godwit.cli;

import dev.godwit.cli.authoring.CreateCommand;
import dev.godwit.cli.authoring.TestCommand;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Fault;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.console.Versions;
import dev.godwit.cli.demo.DemoCommand;
import dev.godwit.cli.export.ExportCommand;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.launch.LocalEngines;
import dev.godwit.cli.launch.PlanCommand;
import dev.godwit.cli.launch.RunBrokeOff;
import dev.godwit.cli.launch.RunCommand;
import dev.godwit.cli.launch.VerifyCommand;
import dev.godwit.cli.lifecycle.StateMachines;
import dev.godwit.cli.migrations.MigrationsCommand;
import dev.godwit.cli.newtable.CreateTableCommand;
import dev.godwit.cli.operate.BaselineCommand;
import dev.godwit.cli.operate.HistoryCommand;
import dev.godwit.cli.operate.InfoCommand;
import dev.godwit.cli.operate.MigrateCommand;
import dev.godwit.cli.operate.PauseCommand;
import dev.godwit.cli.operate.RedriveCommand;
import dev.godwit.cli.operate.ReleaseCommand;
import dev.godwit.cli.operate.RepairCommand;
import dev.godwit.cli.operate.ReportCommand;
import dev.godwit.cli.operate.ResumeCommand;
import dev.godwit.cli.operate.RunsCommand;
import dev.godwit.cli.operate.SetCommand;
import dev.godwit.cli.operate.StatusCommand;
import dev.godwit.cli.operate.StopCommand;
import dev.godwit.cli.operate.UndoCommand;
import dev.godwit.cli.operate.ValidateCommand;
import dev.godwit.cli.operate.WatchCommand;
import dev.godwit.cli.price.ReadPricesCommand;
import dev.godwit.cli.transform.TestTransformCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The {@code godwit} command with its subcommands. */
public final class Godwit {
  private static final Map<String, String> VARIABLES =
      Map.of(
          "--table", "TABLE_NAME",
          "--endpoint-url", "AWS_ENDPOINT_URL_DYNAMODB",
          "--segments", "TOTAL_SEGMENTS",
          "--migration", "MIGRATION",
          "--sfn-arn", "SFN_ARN",
          "--prewarm", "PREWARM",
          "--prewarm-rcu", "PREWARM_RCU",
          "--prewarm-wcu", "PREWARM_WCU");

  /** Commands whose flags have variables; the demo's are its own. */
  private static final Set<String> WITH_VARIABLES =
      Set.of(
          "plan",
          "run",
          "verify",
          "export",
          "migrate",
          "watch",
          "status",
          "stop",
          "pause",
          "resume",
          "set",
          "redrive",
          "undo",
          "report",
          "runs",
          "history",
          "info",
          "validate",
          "baseline",
          "repair",
          "release",
          "create-table",
          "test-transform");

  private static final Map<String, String> EXIT_CODES =
      Arrays.stream(ExitCode.values())
          .collect(
              Collectors.toMap(
                  exit -> Integer.toString(exit.code()),
                  ExitCode::meaning,
                  (one, other) -> one,
                  LinkedHashMap::new));

  private static final String VERSION = "godwit " + Versions.ofThisBuild().godwit();

  private final Screen screen;
  private final CommandLine commandLine;

  /**
   * Makes the command.
   *
   * @param environment the process's variables, by name
   */
  public Godwit(
      Screen screen,
      Map<String, String> environment,
      LocalEngines engines,
      StateMachines aws,
      Interrupts interrupts) {
    this(screen, environment, engines, aws, interrupts, Clock.system(ZoneId.systemDefault()));
  }

  /** As the other, where {@code clock} tells which day it is. */
  Godwit(
      Screen screen,
      Map<String, String> environment,
      LocalEngines engines,
      StateMachines aws,
      Interrupts interrupts,
      Clock clock) {
    this.screen = screen;
    this.commandLine =
        new CommandLine(new Root())
            .addSubcommand(new PlanCommand(screen, engines, aws, interrupts))
            .addSubcommand(new RunCommand(screen, engines, aws, interrupts))
            .addSubcommand(new VerifyCommand(screen, engines, aws, interrupts))
            .addSubcommand(new ExportCommand(screen, engines, aws, interrupts))
            .addSubcommand(new MigrateCommand(screen, engines, aws, interrupts))
            .addSubcommand(new WatchCommand(screen, aws, interrupts))
            .addSubcommand(new StatusCommand(screen, aws))
            .addSubcommand(new StopCommand(screen, aws, interrupts))
            .addSubcommand(new PauseCommand(screen, aws))
            .addSubcommand(new ResumeCommand(screen, aws))
            .addSubcommand(new SetCommand(screen, aws))
            .addSubcommand(new RedriveCommand(screen, aws, interrupts))
            .addSubcommand(new UndoCommand(screen, aws, interrupts))
            .addSubcommand(new ReportCommand(screen, aws))
            .addSubcommand(new RunsCommand(screen, aws))
            .addSubcommand(new HistoryCommand(screen, aws))
            .addSubcommand(new InfoCommand(screen, aws))
            .addSubcommand(new ValidateCommand(screen, aws))
            .addSubcommand(new BaselineCommand(screen, aws))
            .addSubcommand(new RepairCommand(screen, aws))
            .addSubcommand(new ReleaseCommand(screen, aws))
            .addSubcommand(new DemoCommand(screen, engines, interrupts))
            .addSubcommand(new TestTransformCommand(screen))
            .addSubcommand(new MigrationsCommand(screen))
            .addSubcommand(new CreateCommand(screen, clock))
            .addSubcommand(new CreateTableCommand(screen))
            .addSubcommand(new TestCommand(screen))
            .addSubcommand(new ReadPricesCommand(screen, clock))
            .addSubcommand(new AutoComplete.GenerateCompletion());
    commandLine
        .setUsageHelpAutoWidth(true)
        // Its colours would be escaped like anything else that steers a terminal.
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setOut(new PrintWriter(screen.out(), true, StandardCharsets.UTF_8))
        .setErr(new PrintWriter(screen.err(), true, StandardCharsets.UTF_8))
        .setParameterExceptionHandler((e, arguments) -> badUsage(e))
        .setExecutionExceptionHandler((e, command, parsed) -> failed(e, screen));
    var variables = variables(environment);
    commandLine
        .getSubcommands()
        .forEach(
            (name, command) -> {
              if (WITH_VARIABLES.contains(name)) {
                command.setDefaultValueProvider(variables);
              }
            });
    commandLine.getCommandSpec().version(VERSION);
    commandLine.getSubcommands().values().forEach(Godwit::addHelp);
  }

  /** Does what {@code arguments} say and answers the exit code. */
  public int execute(String... arguments) {
    int exit = exitCode(arguments);
    if (screen.out().checkError()) { // a PrintStream does not throw
      screen
          .err()
          .println(
              "Not all could be written to stdout; it is told again: 'godwit runs' has the runs, 'godwit report RUN' what one has left.");
      return exit == ExitCode.DONE.code() ? ExitCode.UNREACHABLE.code() : exit;
    }
    return exit;
  }

  private int exitCode(String... arguments) {
    try {
      return commandLine.execute(arguments);
    } catch (Error e) { // a migration's code may throw any
      return failed(e, screen);
    }
  }

  /** The command as it describes itself. */
  CommandSpec model() {
    return commandLine.getCommandSpec();
  }

  private static IDefaultValueProvider variables(Map<String, String> environment) {
    return argument -> {
      if (argument instanceof OptionSpec option) {
        var variable = VARIABLES.get(option.longestName());
        var value = variable == null ? null : environment.get(variable);
        if (value != null && !value.isBlank()) {
          return value.strip();
        }
      }
      return null;
    };
  }

  private static void addHelp(CommandLine command) {
    var help = command.getCommandSpec();
    help.mixinStandardHelpOptions(true);
    help.version(VERSION);
    help.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(EXIT_CODES);
  }

  private static int badUsage(ParameterException e) {
    var command = e.getCommandLine();
    command.getErr().println(e.getMessage());
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.BAD_USAGE.code();
  }

  private static int failed(Throwable e, Screen screen) {
    var told = Explanation.of(e);
    if (told.isPresent()) {
      screen.err().println(told.get().getMessage());
      return told.get().exitCode().code();
    }
    var exit = Fault.tell(e, screen.err());
    if (e instanceof RunBrokeOff brokeOff) {
      screen.err().println(brokeOff.howToGoOn());
    }
    return exit.code();
  }

  @Command(
      name = "godwit",
      mixinStandardHelpOptions = true,
      description = {"Moves whole DynamoDB tables through a piece of Java.", ""},
      synopsisSubcommandLabel = "COMMAND")
  private static final class Root implements Runnable {
    @Spec CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
      throw new ParameterException(
          spec.commandLine(), "Say what to do; 'godwit --help' lists the commands");
    }
  }
}
