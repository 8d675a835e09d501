package dev.godwit.cli.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.asl.Definitions;
import dev.godwit.asl.Engine;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.TaskFailure;
import dev.godwit.cli.lifecycle.Execution;
import dev.godwit.cli.lifecycle.Settling;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.table.DynamoDbConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Carries {@code settle-run} out in this process: what EventBridge starts on AWS.
 *
 * <p>Each time from its beginning, for every step may be repeated, and a settlement that another
 * process left half done is fenced off by whoever takes the table from it.
 */
public final class EmbeddedSettling implements Settling {
  private final Supplier<EngineTasks> tasks;
  private final String ledgerTable;
  private final Optional<Path> home;

  EmbeddedSettling(Supplier<EngineTasks> tasks, String ledgerTable, Optional<Path> home) {
    this.tasks = tasks;
    this.ledgerTable = ledgerTable;
    this.home = home;
  }

  /**
   * One that leaves nothing on this machine.
   *
   * @param connection to the ledger, and to the tables of its runs
   */
  public static EmbeddedSettling passing(DynamoDbConnection connection, String ledgerTable) {
    return new EmbeddedSettling(() -> EngineTasks.over(connection), ledgerTable, Optional.empty());
  }

  /** One whose settlements can be seen beside the runs in {@code home}. */
  static EmbeddedSettling kept(DynamoDbConnection connection, String ledgerTable, Path home) {
    return new EmbeddedSettling(() -> EngineTasks.over(connection), ledgerTable, Optional.of(home));
  }

  @Override
  public Outcome settle(Ending ending, Supplier<Optional<Execution>> execution) {
    if (home.isPresent()) {
      return settle(home.get(), ending, execution);
    }
    var folder = temporary();
    try {
      return settle(folder, ending, execution);
    } finally {
      delete(folder);
    }
  }

  private Outcome settle(Path folder, Ending ending, Supplier<Optional<Execution>> execution) {
    var refused = new RefusedDecrease();
    try (var open = tasks.get();
        var engine =
            open.on(Engine.builder(folder))
                .task("aws-sdk:sfn:describeExecution", call -> described(execution.get()))
                .listener(refused)
                .build()) {
      var settled =
          engine.start(
              Definitions.settleRun(EngineTasks.substitutions(ledgerTable)),
              SettlementNames.next(engine, ending.runId(), ending.redriveCount()),
              event(ending));
      refused.follow(settled, ending.runId());
      if (settled.status() == ExecutionStatus.SUCCEEDED) {
        return Outcome.DONE;
      }
      return settled.error().equals(Optional.of(RefusedDecrease.ERROR))
          ? new Outcome(Optional.empty(), Optional.of(refused.why()))
          : new Outcome(
              Optional.of(settled.error().orElse("") + ": " + settled.cause().orElse("")),
              Optional.empty());
    }
  }

  /** As Step Functions describes it. */
  private static JsonNode described(Optional<Execution> now) throws TaskFailure {
    if (now.isEmpty()) {
      throw new TaskFailure("Sfn.ExecutionDoesNotExistException", "It is not to be found.");
    }
    var execution = now.get();
    var answer =
        JsonNodeFactory.instance
            .objectNode()
            .put("ExecutionArn", execution.arn())
            .put("Status", execution.status().name())
            .put("StartDate", execution.startedAt().toString())
            .put("RedriveCount", execution.redriveCount());
    redrivenAt(execution).ifPresent(at -> answer.put("RedriveDate", at.toString()));
    execution.stoppedAt().ifPresent(at -> answer.put("StopDate", at.toString()));
    return answer;
  }

  /** That one goes on is what was just seen: nobody need wait for a proof. */
  private static Optional<Instant> redrivenAt(Execution execution) {
    return execution.status() == RunStatus.RUNNING
        ? Optional.of(Instant.now().plusSeconds(60))
        : execution.redrivenAt();
  }

  /** What EventBridge would have said. */
  private static JsonNode event(Ending ending) {
    var event = JsonNodeFactory.instance.objectNode();
    event
        .putObject("detail")
        .put("executionArn", ending.executionArn())
        .put("name", ending.runId())
        .put("status", ending.status().name())
        .put("stopDate", ending.at().toEpochMilli())
        .put("redriveCount", ending.redriveCount())
        .put("input", ending.input())
        .put("error", ending.error())
        .put("cause", ending.cause());
    return event;
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("godwit-settle");
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
