package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.plan.Check;
import dev.godwit.cli.plan.Check.Answer;
import dev.godwit.cli.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The options by which a run does not begin unless its plan says that it may. */
public final class PlanGate {
  /** Nothing is advised: the run is as it was asked for. */
  private static final Set<String> EVERYTHING =
      Set.copyOf(
          List.of(
              "--segments",
              "--max-concurrency",
              "--prewarm",
              "--write-units-per-second",
              "--slice-seconds",
              "--guard",
              "--keep-before-images"));

  @Option(
      names = "--require-plan",
      description =
          "Make the plan of this run first, as 'godwit plan' does, and do not begin when a check says no. What is unknown is told and does not stop it.")
  private boolean plan;

  @Option(
      names = "--require-pitr",
      description =
          "Do not begin unless point-in-time recovery of the table is known to be on and to reach back far enough.")
  private boolean recovery;

  /**
   * Lets a run begin, or not.
   *
   * @return its plan, where one was asked for: {@link RunPath#begunWith} keeps it
   * @throws CommandFailed when its plan says no; it was not begun
   */
  public Optional<Plan> check(RunPath path, RunPath.Wanted wanted, Screen screen) {
    if (!(plan || recovery)) {
      return Optional.empty();
    }
    var planned = path.plan(wanted, EVERYTHING, new PlanOptions());
    var refused = new ArrayList<String>();
    if (plan) {
      planned.obstacles().forEach(check -> refused.add(told(check)));
      tellUnknown(planned, screen);
    }
    if (recovery
        && planned.recovery().answer() != Answer.YES
        && !(plan && planned.obstacles().contains(planned.recovery()))) {
      refused.add(told(planned.recovery()));
    }
    if (!refused.isEmpty()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          wanted.migration()
              + " was not begun, for the plan says: "
              + String.join("; and ", refused)
              + ". All of it: 'godwit plan'");
    }
    return Optional.of(planned);
  }

  private static void tellUnknown(Plan planned, Screen screen) {
    planned.checks().stream()
        .filter(check -> check.answer() == Answer.UNKNOWN)
        .forEach(check -> screen.err().println(told(check) + "."));
  }

  private static String told(Check check) {
    return check.question() + " " + check.answer() + ": " + check.why();
  }
}
