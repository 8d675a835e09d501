package dev.godwit.cli.plan;

import dev.godwit.cli.facts.DeploymentFacts;
import dev.godwit.cli.facts.RoleReader;
import dev.godwit.cli.facts.Told;
import dev.godwit.run.RunRequest;
import dev.godwit.run.WorkerActions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks whether those who take part in a run on AWS's own DynamoDB may do their part. */
final class RoleChecks {
  /** What the state machine does to it: infra's MigrateTableMachine. */
  private static final List<String> OF_THE_MACHINE =
      List.of("dynamodb:DescribeTable", "dynamodb:UpdateTable");

  private final RoleReader roles;
  private final String tableArn;
  private final RunRequest request;

  RoleChecks(RoleReader roles, String tableArn, RunRequest request) {
    this.roles = roles;
    this.tableArn = tableArn;
    this.request = request;
  }

  /**
   * For a run on this machine.
   *
   * @param caller who runs it, by ARN
   */
  List<Check> here(String caller) {
    var actions = new ArrayList<>(WorkerActions.onItsTable(false));
    request.prewarm().ifPresent(prewarm -> actions.add("dynamodb:UpdateTable"));
    return List.of(
        check("caller", "May you do what the worker does here?", caller, actions, tableArn));
  }

  /**
   * For a run of a deployment.
   *
   * @param caller who starts it, by ARN
   */
  List<Check> of(DeploymentFacts deployment, String caller) {
    var checks = new ArrayList<Check>();
    checks.add(
        check(
            "caller",
            "May you start it?",
            caller,
            List.of("states:StartExecution"),
            deployment.stateMachine()));
    checks.add(
        role(
            "worker",
            "May the worker read and write the table?",
            deployment.worker().map(DeploymentFacts.Worker::role),
            WorkerActions.onItsTable(
                deployment
                    .worker()
                    .match(DeploymentFacts.Worker::hasSingleWrites, unknown -> false))));
    checks.add(
        role(
            "machine",
            "May the state machine see to the table's capacity?",
            deployment.role(),
            OF_THE_MACHINE));
    checks.add(atOnce(deployment.functionsAtOnce()));
    return List.copyOf(checks);
  }

  private Check role(String name, String question, Told<String> role, List<String> actions) {
    return role.match(
        arn -> check(name, question, arn, actions, tableArn),
        why -> Check.unknown(name, question, why));
  }

  private Check check(
      String name, String question, String principal, List<String> actions, String resource) {
    return roles
        .refused(principal, actions, resource)
        .match(
            refused ->
                refused.isEmpty()
                    ? Check.yes(name, question, principal)
                    : Check.no(
                        name,
                        question,
                        principal
                            + " may not "
                            + String.join(", ", refused)
                            + " on "
                            + resource
                            + ", as far as IAM tells; allow it, or deploy for this table"),
            why -> Check.unknown(name, question, why));
  }

  private Check atOnce(Told<Integer> functions) {
    var question = "May so many workers be at work at once?";
    int wanted = Math.min(request.maxConcurrency(), request.totalSegments());
    return functions.match(
        most ->
            wanted <= most
                ? Check.yes("concurrency", question, wanted + " of the account's " + most)
                : Check.no(
                    "concurrency",
                    question,
                    "the account has "
                        + most
                        + ", and "
                        + wanted
                        + " are asked for; ask for fewer with --max-concurrency"),
        why -> Check.unknown("concurrency", question, why));
  }

  /** What there is to check of {@code deployment}, or of a run on this machine. */
  List<Check> all(Optional<DeploymentFacts> deployment, String caller) {
    return deployment.map(it -> of(it, caller)).orElseGet(() -> here(caller));
  }
}
