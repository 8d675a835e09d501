package dev.godwit.cli.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.TaskFailure;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.LedgerReader;
import dev.godwit.cli.ledger.RunRecord;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.TableHolder;
import dev.godwit.cli.table.AutoScalingWire;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.DynamoDbWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A run that holds its table though nothing carries it out any more: its folder is lost, or its
 * execution is forgotten, or nobody was told of its end.
 *
 * <p>Its books are closed by the very definition that closes all others, run here, on what the
 * ledger has of it.
 */
public final class LostRun {
  private final DynamoDbConnection connection;
  private final String ledgerTable;
  private final Supplier<Optional<Ended>> execution;

  /**
   * How an execution ended.
   *
   * @param status RUNNING if it has not
   */
  public record Ended(RunStatus status, Instant at, String error, String cause) {}

  /**
   * @param connection to the ledger, and to the table that is held
   * @param execution how the run's execution stands now; empty when it is not to be found
   */
  public LostRun(
      DynamoDbConnection connection, String ledgerTable, Supplier<Optional<Ended>> execution) {
    this.connection = connection;
    this.ledgerTable = ledgerTable;
    this.execution = execution;
  }

  /**
   * Takes its table from the run.
   *
   * @return why AWS refused to lower the table's capacity, if it did
   * @throws CommandFailed when the table is not free afterwards
   */
  public Optional<String> release(TableHolder holder) {
    try (var client = connection.client()) {
      var ledger = new LedgerReader(client, ledgerTable);
      var lease = holder.lease();
      var record =
          ledger.run(lease.runId()).filter(run -> run.executionArn().equals(lease.executionArn()));
      if (!ledger.lease(holder.tableName()).equals(Optional.of(lease))) {
        throw new CommandFailed(
            ExitCode.BAD_USAGE,
            "The lease of the table "
                + holder.tableName()
                + " has changed since it was looked at; nothing was changed");
      }
      if (record.isEmpty()) {
        ledger.remove(holder.tableName(), lease);
      } else {
        settle(record.get());
      }
      checkFree(ledger, holder.tableName(), lease);
      return ledger.run(lease.runId()).flatMap(RunRecord::capacityNotRestored);
    }
  }

  private static void checkFree(LedgerReader ledger, String tableName, Lease before) {
    if (ledger
        .lease(tableName)
        .filter(now -> now.executionArn().equals(before.executionArn()))
        .isPresent()) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "The run "
              + before.runId()
              + " goes on again, or was redriven just now; the table "
              + tableName
              + " is still its own");
    }
  }

  private void settle(RunRecord run) {
    Path folder = temporary();
    var refused = new RefusedDecrease();
    var scaling = AutoScalingWire.beside(connection);
    try (var wire = DynamoDbWire.over(connection);
        var engine =
            Engine.builder(folder)
                .task(DynamoDbTask.RESOURCE_PREFIX, new DynamoDbTask(wire))
                .task(AutoScalingTask.RESOURCE_PREFIX, new AutoScalingTask(scaling))
                .task("aws-sdk:sfn:describeExecution", call -> described())
                .task("aws-sdk:sns:", EmbeddedEngine.NO_TOPIC)
                .task("aws-sdk:lambda:", WorkerTask.NO_ALIASES)
                .listener(refused)
                .build()) {
      var substitutions = new HashMap<>(EmbeddedEngine.SUBSTITUTIONS);
      substitutions.put("LedgerTable", ledgerTable);
      var settled = engine.start(Definitions.settleRun(substitutions), "settle", event(run));
      refused.follow(settled, run.runId());
      if (settled.status() == ExecutionStatus.FAILED) {
        throw new CommandFailed(
            ExitCode.UNREACHABLE,
            "The books of the run "
                + run.runId()
                + " could not be closed ("
                + settled.error().orElse("")
                + ": "
                + settled.cause().orElse("")
                + "); its table may not be free. Every step may be repeated: try again");
      }
    } finally {
      scaling.ifPresent(AutoScalingWire::close);
      delete(folder);
    }
  }

  private JsonNode described() throws TaskFailure {
    var now = execution.get();
    if (now.isEmpty()) {
      throw new TaskFailure("Sfn.ExecutionDoesNotExistException", "It is not to be found.");
    }
    var answer = JsonNodeFactory.instance.objectNode().put("Status", now.get().status().name());
    if (now.get().status() == RunStatus.RUNNING) {
      // It was looked at a moment ago: it goes on, and is not to be asked about again and again.
      answer.put("RedriveDate", Instant.now().plusSeconds(60).toString());
    }
    return answer;
  }

  /** What EventBridge would have said: see the engine's own event of this kind. */
  private JsonNode event(RunRecord run) {
    var ended = execution.get().or(() -> known(run)).orElseGet(LostRun::released);
    var event = JsonNodeFactory.instance.objectNode();
    event
        .putObject("detail")
        .put("executionArn", run.executionArn())
        .put("name", run.runId())
        .put("status", ended.status.name())
        .put("stopDate", ended.at.toEpochMilli())
        .put("input", run.request())
        .put("error", ended.error)
        .put("cause", ended.cause);
    return event;
  }

  /** A settlement that was cut short may have written the ending already. */
  private static Optional<Ended> known(RunRecord run) {
    return run.endedAt()
        .filter(at -> !run.status().equals(RunStatus.RUNNING.name()))
        .map(
            at ->
                new Ended(
                    RunStatus.valueOf(run.status()),
                    at,
                    run.error().orElse(""),
                    run.cause().orElse("")));
  }

  private static Ended released() {
    return new Ended(
        RunStatus.ABORTED,
        Instant.now(),
        "Released",
        "Its execution was not to be found, and its user released its table.");
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("godwit-release");
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary folder can be made", e);
    }
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The temporary folder " + folder + " cannot be deleted", e);
    }
  }
}
