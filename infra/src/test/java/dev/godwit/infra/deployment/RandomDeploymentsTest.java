package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.infra.deployment.DeploymentEvent.Beginning;
import dev.godwit.infra.deployment.DeploymentEvent.Kind;
import dev.godwit.infra.deployment.DeploymentNote.Phase;
import dev.godwit.infra.deployment.DeploymentNote.Release;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.DeploymentRequest.Step;
import dev.godwit.infra.deployment.RunLedger.Books;
import dev.godwit.infra.deployment.Runs.Status;
import dev.godwit.infra.deployment.SimulatedAccount.Execution;
import dev.godwit.infra.deployment.SimulatedAccount.Killed;
import dev.godwit.infra.deployment.SimulatedAccount.Trouble;
import dev.godwit.run.KeyChange;
import dev.godwit.run.RunSettings;
import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.MigrationState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Deployments at random: a stack is created, updated, rolled back and continued, by a
 * CloudFormation that may fail anywhere between the hooks, while AWS throttles, functions die, runs
 * and exports fail, runs are redriven, others take tables, and old polls come late. Some migrations
 * change their table's key: then there is a hook that exports it, and what was rolled back may be
 * deployed again.
 */
class RandomDeploymentsTest {
  private static final int SEEDS = Integer.getInteger("godwit.seeds", 1_000);
  private static final List<String> TABLES = List.of("Cities", "Orders");

  @Test
  void deployments_whateverGoesWrong_undoOnlyTheirOwnAndForgetNothing() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var trouble = new Trouble(60, 6, 20, seed % 2 == 0 ? 3 : 0, 150, 60, 60, 60);
      var stack = new SimulatedStack(seed, trouble, /* quiet= */ false);
      guarded(seed, stack::live);
    }
  }

  @Test
  void deployments_awsOnlyThrottles_neverFail() {
    for (int seed = 0; seed < SEEDS / 8; seed++) {
      var stack =
          new SimulatedStack(seed, new Trouble(150, 0, 50, 0, 0, 0, 60, 60), /* quiet= */ true);
      guarded(seed, stack::live);
      int of = seed;
      assertThat(stack.failures).as("seed %d", of).isEmpty();
    }
  }

  private static void guarded(int seed, Runnable life) {
    try {
      life.run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError("seed " + seed + ": " + e, e);
    }
  }

  /** A table's part of one release. */
  private record Part(List<Step> steps, boolean waits) {}

  /** All that the stack is, at one time. */
  private record Template(int version, Map<String, Part> parts) {
    Part part(String table) {
      return Objects.requireNonNull(parts.get(table));
    }

    DeploymentRequest request(String table, Moment moment) {
      var part = part(table);
      return new DeploymentRequest(
          table,
          part.steps(),
          part.waits(),
          100,
          RunSettings.DEFAULT,
          Integer.toString(version),
          "jars-" + version,
          moment);
    }
  }

  private record Hook(String table, Moment moment) {}

  /** CloudFormation, for one stack with two hooks for each table. */
  private static final class SimulatedStack {
    private final Random random;
    private final SimulatedAccount account;
    private final DeploymentMigrations migrations;
    private final ExportBeforeReplacing exports;
    private final boolean quiet;
    private final List<DeploymentEvent> past = new ArrayList<>();
    private final List<ExportEvent> pastExports = new ArrayList<>();
    private final Map<String, Integer> operationOfRun = new HashMap<>();
    private final Map<String, Release> releases = new HashMap<>();
    private final Set<Integer> rolledBack = new HashSet<>();
    private final List<String> failures = new ArrayList<>();
    private Optional<Template> template = Optional.empty();
    private Optional<Template> failed = Optional.empty();
    private int operation;
    private int requests;
    private boolean rollingBack;
    private boolean aliasWentBack;

    SimulatedStack(int seed, Trouble trouble, boolean quiet) {
      this.random = new Random(seed);
      this.quiet = quiet;
      this.account = new SimulatedAccount(random, trouble);
      this.migrations = new DeploymentMigrations(account.ports());
      this.exports = new ExportBeforeReplacing(account.exportPorts());
      account.onSettled = () -> ignoringDeath(() -> migrations.proceed(TABLES));
      account.others = this::othersAct;
      account.onStart = this::checkStart;
      account.onStop = this::checkStop;
      account.onNote = this::checkNote;
    }

    /** No export was made twice for one migration unless the one before had failed. */
    private void checkExports() {
      for (String table : TABLES) {
        template.ifPresent(
            now ->
                now.part(table)
                    .steps()
                    .forEach(
                        step ->
                            account
                                .exports
                                .latest(table, step.id())
                                .ifPresent(
                                    last ->
                                        assertThat(account.exports.begun(table, step.id()))
                                            .as("exports for %s", step.id())
                                            .isLessThanOrEqualTo(last.number()))));
      }
    }

    void live() {
      int operations = 2 + random.nextInt(4);
      for (int i = 0; i < operations; i++) {
        deploy(next());
        for (int t = random.nextInt(30); t > 0; t--) {
          account.tick();
        }
        while (quiet && TABLES.stream().anyMatch(this::isUnfinished)) {
          account.tick(); // to its end, or the next is refused
          migrations.proceed(TABLES);
        }
        if (!quiet && account.chance(300)) {
          redriveWhatFailed();
        }
      }
      comeToRest();
      checkExports();
    }

    private boolean isUnfinished(String table) {
      return account.notes.read(table).release().filter(Release::unfinished).isPresent();
    }

    private Template next() {
      int version = template.map(Template::version).orElse(0) + 1 + 10 * operation;
      if (failed.isPresent() && random.nextInt(3) == 0) {
        return new Template(version, failed.get().parts()); // the same once more
      }
      var parts = new HashMap<String, Part>();
      for (String table : TABLES) {
        var steps = new ArrayList<>(template.map(now -> now.part(table).steps()).orElse(List.of()));
        for (int more = random.nextInt(3); more > 0 || steps.isEmpty(); more--) {
          steps.add(step("202611%02d-of-%d".formatted(10 + steps.size(), operation), table));
        }
        boolean waits = steps.stream().anyMatch(step -> step.keyChange().isPresent());
        parts.put(table, new Part(steps, waits || random.nextBoolean()));
      }
      return new Template(version, parts);
    }

    private Step step(String id, String table) {
      return random.nextInt(5) > 0
          ? new Step(id, random.nextInt(4) > 0)
          : new Step(
              id,
              false,
              Optional.of(
                  KeyChange.of(
                      table + "-2", "if-absent", random.nextBoolean() ? "table" : "export")));
    }

    private void deploy(Template next) {
      operation++;
      aliasWentBack = false;
      String change = template.isPresent() ? "UPDATE" : "CREATE";
      account.stackStatus = change + "_IN_PROGRESS";
      var touched = new ArrayList<Hook>();
      boolean well = !anotherResourceFails() && exported(next);
      for (Moment moment : Moment.values()) {
        if (!well) {
          break;
        }
        well = hooks(next, moment, touched) && !anotherResourceFails();
        if (well && moment == Moment.BEFORE) {
          account.liveVersion = Integer.toString(next.version());
        }
      }
      if (well) {
        template = Optional.of(next);
        failed = Optional.empty();
        account.stackStatus = change + "_COMPLETE";
        checkApplied(next);
      } else {
        failed = Optional.of(next);
        rollBack(change, next, touched);
      }
    }

    /** The hooks that the new tables wait for; CloudFormation calls those that are new. */
    private boolean exported(Template next) {
      for (String table : TABLES) {
        for (Step step : next.part(table).steps()) {
          boolean isOld = template.filter(t -> t.part(table).steps().contains(step)).isPresent();
          if (step.keyChange().isEmpty() || isOld) {
            continue;
          }
          if (!quiet && account.chance(40)) {
            continue; // forgotten: the run must not begin
          }
          if (!isExported(table, step.id())) {
            return false;
          }
        }
      }
      return true;
    }

    private boolean isExported(String table, String migration) {
      var event =
          new ExportEvent(
              false,
              "stack",
              "request-" + ++requests,
              account.clock.instant(),
              new ExportEvent.Request(
                  table,
                  "arn:" + table,
                  migration,
                  new ExportRecord.Location("results", "exports"),
                  random.nextInt(8) > 0 || quiet));
      pastExports.add(event);
      try {
        for (int poll = 0; poll < 240; poll++) {
          if (exports.isComplete(event)) {
            assertThat(stateOf(table, migration))
                .as("%s of %s is replaced without an export", migration, table)
                .isEqualTo(Optional.of(ExportRecord.Status.COMPLETED));
            return true;
          }
          account.tick();
        }
        failures.add("timed out: " + event);
        return false;
      } catch (DeploymentFailed e) {
        failures.add(e.getMessage());
        return false;
      } catch (Killed e) {
        failures.add("killed");
        return false;
      }
    }

    /** As DynamoDB knows it, not the ledger. */
    private Optional<ExportRecord.Status> stateOf(String table, String migration) {
      return account
          .exports
          .latest(table, migration)
          .map(export -> account.exports.states.get(export.token()));
    }

    private boolean anotherResourceFails() {
      return !quiet && account.chance(120);
    }

    private boolean hooks(Template next, Moment moment, List<Hook> touched) {
      boolean well = true;
      for (String table : TABLES) {
        var hook = new Hook(table, moment);
        touched.add(hook);
        var event = event(template.isPresent() ? Kind.UPDATE : Kind.CREATE, hook, next, template);
        if (moment == Moment.AFTER) {
          for (Step step : event.request().migrations()) {
            operationOfRun.put(RunNames.up(event.requestId(), step.id()), operation);
          }
        }
        if (!completes(event)) {
          well = false;
          break;
        }
      }
      return well;
    }

    private void rollBack(String change, Template failed, List<Hook> touched) {
      rollingBack = true;
      account.stackStatus =
          change.equals("CREATE") ? "ROLLBACK_IN_PROGRESS" : "UPDATE_ROLLBACK_IN_PROGRESS";
      boolean beforeFirst = random.nextInt(4) > 0;
      String liveBefore = template.map(now -> Integer.toString(now.version())).orElse("0");
      var order = new ArrayList<>(touched);
      if (random.nextBoolean()) {
        java.util.Collections.reverse(order);
      }
      if (!beforeFirst) {
        account.liveVersion = liveBefore;
        aliasWentBack = true;
      }
      boolean complete = true;
      for (Hook hook : order) {
        boolean done = false;
        for (int attempt = 0; attempt < 20 && !done; attempt++) {
          done =
              completes(
                  template.isPresent()
                      ? event(Kind.UPDATE, hook, template.get(), Optional.of(failed))
                      : event(Kind.DELETE, hook, failed, Optional.empty()));
        }
        complete &= done;
      }
      account.liveVersion = liveBefore;
      rollingBack = false;
      account.stackStatus =
          change.equals("CREATE") ? "ROLLBACK_COMPLETE" : "UPDATE_ROLLBACK_COMPLETE";
      if (complete) {
        rolledBack.add(operation);
        checkUndone(failed);
      }
    }

    /** Sends one event, as CDK's provider framework does: until it is complete, or has failed. */
    private boolean completes(DeploymentEvent event) {
      past.add(event);
      try {
        int polls = quiet ? 480 : 240; // of many calls in a row, one is throttled almost always
        for (int poll = 0; poll < polls; poll++) {
          if (migrations.isComplete(event)) {
            return true;
          }
          account.tick();
          if (!quiet && account.chance(20)) {
            lease("nightly-" + poll);
          }
          if (random.nextInt(8) == 0) {
            leaseNoLonger();
          }
        }
        failures.add("timed out: " + event);
        return false;
      } catch (DeploymentFailed e) {
        failures.add(e.getMessage());
        return false;
      } catch (Killed e) {
        failures.add("killed");
        return false;
      }
    }

    private DeploymentEvent event(Kind kind, Hook hook, Template to, Optional<Template> from) {
      var known =
          quiet || !account.chance(20)
              ? Optional.of(account.stackStatus)
              : Optional.<String>empty();
      return new DeploymentEvent(
          kind,
          "stack",
          "request-" + ++requests,
          to.request(hook.table(), hook.moment()),
          from.filter(t -> kind == Kind.UPDATE).map(t -> t.request(hook.table(), hook.moment())),
          new Beginning(account.clock.pass(Duration.ofSeconds(1)), known));
    }

    private void othersAct() {
      if (!pastExports.isEmpty() && random.nextInt(4) == 0) {
        var late = pastExports.get(random.nextInt(pastExports.size()));
        ignoringDeath(
            () -> {
              try {
                exports.isComplete(late);
              } catch (DeploymentFailed e) {
                account.log.add("late: " + e.getMessage());
              }
            });
      } else if (random.nextInt(3) > 0) {
        ignoringDeath(() -> migrations.proceed(TABLES));
      } else if (!past.isEmpty()) {
        // The current event too, by a second function.
        var late = past.get(past.size() - 1 - random.nextInt(Math.min(past.size(), 12)));
        ignoringDeath(
            () -> {
              try {
                migrations.isComplete(late);
              } catch (DeploymentFailed e) {
                account.log.add("late: " + e.getMessage());
              }
            });
      }
    }

    private static void ignoringDeath(Runnable function) {
      try {
        function.run();
      } catch (Killed e) {
        // Lambda cuts it off; what it has done stays done.
      }
    }

    private void redriveWhatFailed() {
      account.executions.values().stream()
          .filter(
              run ->
                  account
                      .notes
                      .read(run.table)
                      .release()
                      .filter(release -> release.unfinished() && release.hasStarted(run.runId))
                      .isPresent())
          .forEach(account::redrive);
    }

    private void lease(String runId) {
      account.leases.putIfAbsent(TABLES.get(random.nextInt(TABLES.size())), runId);
    }

    private void leaseNoLonger() {
      account.leases.values().removeIf(runId -> runId.startsWith("nightly"));
    }

    // What has to hold

    private void checkStart(Execution execution) {
      if (execution.up) {
        int of = operationOf(execution);
        if (isKeyChange(execution)) {
          assertThat(stateOf(execution.table, execution.migration))
              .as("%s is started without an export", execution.runId)
              .isEqualTo(Optional.of(ExportRecord.Status.COMPLETED));
        }
        assertThat(rolledBack)
            .as("%s is started though its deployment has been rolled back", execution.runId)
            .doesNotContain(of);
        return;
      }
      assertThat(rollingBack).as("%s outside of a rollback", execution.runId).isTrue();
      assertThat(ownRuns(execution.table))
          .as("%s undoes what this deployment has not started", execution.runId)
          .anyMatch(run -> run.migration.equals(execution.migration));
    }

    private boolean isKeyChange(Execution execution) {
      return account
          .notes
          .read(execution.table)
          .current()
          .request()
          .keyChange(execution.migration)
          .isPresent();
    }

    private void checkStop(Execution execution) {
      assertThat(rollingBack).isTrue();
      assertThat(ownRuns(execution.table)).contains(execution);
    }

    private int operationOf(Execution up) {
      return Objects.requireNonNull(operationOfRun.get(up.runId));
    }

    private List<Execution> ownRuns(String table) {
      return account.executions.values().stream()
          .filter(run -> run.up && run.table.equals(table))
          .filter(run -> operationOf(run) == operation)
          .toList();
    }

    private void checkNote(String table) {
      var release = account.notes.read(table).release();
      if (release.isEmpty()) {
        return;
      }
      var before = Optional.ofNullable(releases.put(table, release.get()));
      before
          .filter(was -> !was.request().isSameReleaseAs(release.get().request()))
          .filter(was -> !was.request().waits())
          .ifPresent(
              was ->
                  assertThat(was.phase())
                      .as("%s is taken over while it goes on", was)
                      .isNotEqualTo(Phase.GOING));
      if (release.get().phase() == Phase.DONE) {
        assertThat(release.get().request().migrations())
            .allMatch(step -> account.isApplied(table, step.id()));
      }
      if (release.get().phase() == Phase.UNDONE) {
        assertThat(release.get().started()).isEmpty();
      }
    }

    /** What was waited for is applied when the stack is said to be complete. */
    private void checkApplied(Template now) {
      now.parts()
          .forEach(
              (table, part) -> {
                if (part.waits()) {
                  assertThat(part.steps()).allMatch(step -> account.isApplied(table, step.id()));
                  assertThat(account.notes.read(table).current().phase()).isEqualTo(Phase.DONE);
                }
              });
    }

    private void checkUndone(Template failed) {
      for (String table : TABLES) {
        for (Execution run : ownRuns(table)) {
          assertThat(run.status).as(run.runId).isNotEqualTo(Status.RUNNING);
          if (failed.request(table, Moment.AFTER).keyChange(run.migration).isPresent()) {
            assertThat(account.isApplied(table, run.migration))
                .as("%s counts as applied, and its new table is gone", run.runId)
                .isFalse();
          }
          boolean undoable =
              failed.part(table).steps().stream()
                  .anyMatch(step -> step.id().equals(run.migration) && step.undoable());
          if (run.books != Books.NONE && undoable && !aliasWentBack) {
            assertThat(account.executions.values())
                .as("%s of %s is not undone", run.runId, table)
                .anyMatch(
                    down ->
                        !down.up
                            && down.table.equals(table)
                            && down.migration.equals(run.migration)
                            && down.status == Status.SUCCEEDED
                            && down.order > run.order);
          }
        }
        account
            .notes
            .read(table)
            .release()
            .filter(r -> r.request().isSameReleaseAs(failed.request(table, Moment.AFTER)))
            .ifPresent(r -> assertThat(r.phase()).isEqualTo(Phase.UNDONE));
      }
    }

    /** Nothing goes wrong any more: then all that the stack asks for is applied in the end. */
    private void comeToRest() {
      account.trouble = Trouble.NONE;
      leaseNoLonger();
      boolean more;
      do {
        int runs = account.executions.size();
        while (account.isAnythingUnderWay()) {
          account.tick();
        }
        account.tick();
        assertThat(migrations.proceed(TABLES)).isEmpty();
        redriveWhatFailed();
        more = account.executions.size() > runs || account.isAnythingUnderWay();
      } while (more);
      if (template.isEmpty()) {
        return;
      }
      for (String table : TABLES) {
        var release = account.notes.read(table).current();
        if (!release.request().isSameReleaseAs(template.get().request(table, Moment.AFTER))) {
          continue; // it had failed, a later one took over, and that one was rolled back
        }
        var left =
            release.request().migrations().stream()
                .filter(step -> !account.isApplied(table, step.id()))
                .map(Step::id)
                .toList();
        boolean partial =
            left.stream()
                .anyMatch(
                    id ->
                        account
                                .histories
                                .getOrDefault(table + "/" + id, RunLedger.History.NONE)
                                .state()
                            == MigrationState.PARTIAL);
        boolean neverOpened =
            account.executions.values().stream()
                .anyMatch(
                    run ->
                        release.hasStarted(run.runId)
                            && run.status == Status.FAILED
                            && run.books == Books.NONE);
        if (left.isEmpty()) {
          assertThat(release.phase()).isEqualTo(Phase.DONE);
        } else {
          assertThat(partial || neverOpened)
              .as("%s forgotten on %s: %s", left, table, release)
              .isTrue();
          assertThat(release.phase()).isEqualTo(Phase.FAILED);
        }
      }
    }
  }
}
