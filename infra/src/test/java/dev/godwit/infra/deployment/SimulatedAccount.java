package dev.godwit.infra.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.MigrationState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * An account in which runs open, end and are settled as time passes, and in which every call may be
 * throttled, answered in vain, or be the last that its function makes; between any two calls others
 * may act.
 */
final class SimulatedAccount
    implements Runs, RunLedger, DeploymentNotes, DeployedStack, ExportNotes, TableExports {
  /** How much goes wrong, of a thousand chances. */
  record Trouble(
      int throttled,
      int denied,
      int answersLost,
      int killed,
      int runsFailing,
      int runsPartial,
      int endingsLost,
      int othersActing) {
    static final Trouble NONE = new Trouble(0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** A function is cut off: nobody catches it. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  /** An execution of migrate-table. */
  static final class Execution {
    final String runId;
    final String table;
    final String migration;
    final boolean up;
    final int order;
    Instant seenFrom;
    Instant nextAt;
    Status status = Status.RUNNING;
    Optional<Instant> endedAt = Optional.empty();
    Books books = Books.NONE;
    boolean partial;

    Execution(String runId, String table, String migration, boolean up, int order, Instant at) {
      this.runId = runId;
      this.table = table;
      this.migration = migration;
      this.up = up;
      this.order = order;
      this.seenFrom = at;
      this.nextAt = at;
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration SWEEP = Duration.ofMinutes(20);

  final Random random;
  final SteppedClock clock = new SteppedClock(Instant.parse("2026-11-20T12:00:00Z"));
  final Map<String, Execution> executions = new LinkedHashMap<>();
  final Map<String, History> histories = new HashMap<>();

  /** Which table each run was to fill. */
  private final Map<String, String> targets = new HashMap<>();

  final Map<String, String> leases = new HashMap<>();
  final InMemoryNotes notes = new InMemoryNotes();
  final InMemoryExports exports = new InMemoryExports();
  final List<String> log = new ArrayList<>();
  Trouble trouble;
  String stackStatus = "CREATE_IN_PROGRESS";
  String liveVersion = "0";

  /** What others may do meanwhile. */
  Runnable others = () -> {};

  /** Is told of every execution before it is started, and of every one that is stopped. */
  Consumer<Execution> onStart = execution -> {};

  Consumer<Execution> onStop = execution -> {};
  Consumer<String> onNote = table -> {};

  /** Called when a run has been settled and EventBridge says so. */
  Runnable onSettled = () -> {};

  private boolean othersAct;

  SimulatedAccount(Random random, Trouble trouble) {
    this.random = random;
    this.trouble = trouble;
  }

  DeploymentPorts ports() {
    return new DeploymentPorts(this, this, this, this, this, clock, log::add);
  }

  ExportBeforeReplacing.Ports exportPorts() {
    return new ExportBeforeReplacing.Ports(this, this, this, this::status, clock, log::add);
  }

  boolean chance(int ofAThousand) {
    return ofAThousand > 0 && random.nextInt(1000) < ofAThousand;
  }

  /** A quarter of a minute passes. */
  void tick() {
    clock.pass(Duration.ofSeconds(15));
    endExports();
    for (Execution execution : List.copyOf(executions.values())) {
      if (!clock.instant().isBefore(execution.nextAt)) {
        step(execution);
      }
    }
  }

  /** Some exports that are under way end. */
  private void endExports() {
    exports
        .states
        .entrySet()
        .forEach(
            export -> {
              if (export.getValue() == ExportRecord.Status.IN_PROGRESS && chance(60)) {
                export.setValue(
                    chance(trouble.runsFailing)
                        ? ExportRecord.Status.FAILED
                        : ExportRecord.Status.COMPLETED);
              }
            });
  }

  private void step(Execution execution) {
    String holder = leases.get(execution.table);
    if (execution.status == Status.RUNNING && execution.books == Books.NONE) {
      if (holder != null) {
        end(execution, Status.FAILED);
      } else {
        leases.put(execution.table, execution.runId);
        execution.books = Books.OPEN;
        execution.nextAt = clock.instant().plusSeconds(15L * random.nextInt(6));
      }
    } else if (execution.status == Status.RUNNING) {
      execution.partial = chance(trouble.runsPartial);
      end(execution, chance(trouble.runsFailing) ? Status.FAILED : Status.SUCCEEDED);
    } else if (execution.books == Books.OPEN) {
      settle(execution);
    }
  }

  private void end(Execution execution, Status status) {
    execution.status = status;
    execution.endedAt = Optional.of(clock.instant());
    execution.nextAt =
        clock
            .instant()
            .plus(
                chance(trouble.endingsLost) ? SWEEP : Duration.ofSeconds(15L * random.nextInt(4)));
  }

  private void settle(Execution execution) {
    execution.books = Books.CLOSED;
    leases.remove(execution.table, execution.runId);
    if (execution.status == Status.SUCCEEDED) {
      histories.put(
          execution.table + "/" + execution.migration,
          new History(
              execution.partial
                  ? MigrationState.PARTIAL
                  : execution.up ? MigrationState.APPLIED : MigrationState.UNDONE,
              execution.runId,
              execution.partial ? 3 : 0));
    }
    if (!chance(trouble.endingsLost)) {
      onSettled.run();
    }
  }

  /** As {@code godwit redrive}: on a free table, whoever's run it is. */
  void redrive(Execution execution) {
    if (execution.status == Status.FAILED
        && execution.books == Books.CLOSED
        && !leases.containsKey(execution.table)) {
      leases.put(execution.table, execution.runId);
      execution.status = Status.RUNNING;
      execution.endedAt = Optional.empty();
      execution.books = Books.OPEN;
      execution.nextAt = clock.instant().plusSeconds(30);
    }
  }

  /** Whether a run has not ended, or not been settled. */
  boolean isAnythingUnderWay() {
    return executions.values().stream()
        .anyMatch(run -> run.status == Status.RUNNING || run.books == Books.OPEN);
  }

  boolean isApplied(String table, String migration) {
    return histories.getOrDefault(table + "/" + migration, History.NONE).applied();
  }

  private <T> T asked(Supplier<T> answer) {
    if (!othersAct && chance(trouble.othersActing)) {
      othersAct = true;
      try {
        others.run();
      } finally {
        othersAct = false;
      }
    }
    if (chance(trouble.killed)) {
      throw new Killed();
    }
    if (chance(trouble.throttled)) {
      throw new NotYet("Rate exceeded");
    }
    if (chance(trouble.denied)) {
      throw new AwsRefused("denied", new IllegalStateException());
    }
    T found = answer.get();
    if (chance(trouble.answersLost)) {
      throw new NotYet("Connection reset");
    }
    if (chance(trouble.killed)) {
      throw new Killed();
    }
    return found;
  }

  @Override
  public void start(String runId, String request) {
    asked(
        () -> {
          if (executions.containsKey(runId)) {
            return true;
          }
          JsonNode run = json(request);
          if (run.at("/target/tableName").isTextual()) {
            targets.putIfAbsent(runId, run.at("/target/tableName").asText());
          }
          var execution =
              new Execution(
                  runId,
                  run.get("tableName").asText(),
                  run.get("migration").asText(),
                  run.get("direction").asText().equals("up"),
                  executions.size(),
                  clock.instant().plusSeconds(15L * random.nextInt(3)));
          onStart.accept(execution);
          return executions.put(runId, execution);
        });
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public Optional<Run> find(String runId) {
    return asked(
        () ->
            Optional.ofNullable(executions.get(runId))
                .filter(execution -> !clock.instant().isBefore(execution.seenFrom))
                .map(e -> new Run(e.status, e.endedAt, "States.TaskFailed")));
  }

  @Override
  public void stop(String runId, String why) {
    asked(
        () -> {
          var execution = Objects.requireNonNull(executions.get(runId));
          onStop.accept(execution);
          if (execution.status == Status.RUNNING) {
            end(execution, Status.FAILED);
          }
          return true;
        });
  }

  @Override
  public String arn(String runId) {
    return "arn:" + runId;
  }

  @Override
  public History history(String tableName, String migration) {
    return asked(() -> histories.getOrDefault(tableName + "/" + migration, History.NONE));
  }

  @Override
  public Optional<String> target(String runId) {
    return asked(() -> Optional.ofNullable(targets.get(runId)));
  }

  @Override
  public Optional<String> holder(String tableName) {
    return asked(() -> Optional.ofNullable(leases.get(tableName)));
  }

  @Override
  public Books books(String runId) {
    return asked(() -> executions.containsKey(runId) ? executions.get(runId).books : Books.NONE);
  }

  @Override
  public DeploymentNote read(String tableName) {
    return asked(() -> notes.read(tableName));
  }

  @Override
  public DeploymentNote write(String tableName, DeploymentNote seen, DeploymentNote changed) {
    return asked(
        () -> {
          var written = notes.write(tableName, seen, changed);
          onNote.accept(tableName);
          return written;
        });
  }

  @Override
  public String status(String stackId) {
    return asked(() -> stackStatus);
  }

  @Override
  public String liveWorkerVersion() {
    return asked(() -> liveVersion);
  }

  @Override
  public TableSize tableSize(String tableName) {
    return asked(
        () -> new TableSize(1_000, 1_000_000, OptionalDouble.empty(), OptionalDouble.empty()));
  }

  @Override
  public void takeBack(String tableName, String migration, String runId) {
    asked(
        () ->
            histories.computeIfPresent(
                tableName + "/" + migration,
                (key, there) ->
                    there.runId().equals(runId)
                        ? new History(MigrationState.UNDONE, runId, 0)
                        : there));
  }

  @Override
  public Optional<ExportRecord> latest(String tableName, String migration) {
    return asked(() -> exports.latest(tableName, migration));
  }

  @Override
  public void write(Optional<ExportRecord> seen, ExportRecord next) {
    asked(
        () -> {
          exports.write(seen, next);
          return true;
        });
  }

  @Override
  public ExportRecord begin(ExportRecord record, String tableArn) {
    return asked(
        () -> {
          try {
            return exports.begin(record, tableArn);
          } catch (Refused e) {
            throw new AssertionError(e);
          }
        });
  }

  @Override
  public ExportRecord describe(ExportRecord export) {
    return asked(() -> exports.describe(export));
  }
}
