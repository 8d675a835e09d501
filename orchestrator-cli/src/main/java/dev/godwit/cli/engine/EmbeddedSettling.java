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
import java.time.Duration;
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
  private final Patience patience;

  /** Time as it passes for whoever waits for a settlement. */
  interface Patience {
    /** Real time. */
    Patience REAL =
        new Patience() {
          @Override
          public Instant now() {
            return Instant.now();
          }

          @Override
          public boolean await(dev.godwit.asl.Execution settled, Duration longest)
              throws InterruptedException {
            return settled.await(longest);
          }
        };

    Instant now();

    /** Waits for the end of {@code settled}, for {@code longest} at most; whether it has ended. */
    boolean await(dev.godwit.asl.Execution settled, Duration longest) throws InterruptedException;
  }

  /**
   * @param patience made up in tests
   */
  EmbeddedSettling(
      Supplier<EngineTasks> tasks, String ledgerTable, Optional<Path> home, Patience patience) {
    this.tasks = tasks;
    this.ledgerTable = ledgerTable;
    this.home = home;
    this.patience = patience;
  }

  /**
   * One that leaves nothing on this machine.
   *
   * @param connection to the ledger, and to the tables of its runs
   */
  public static EmbeddedSettling passing(DynamoDbConnection connection, String ledgerTable) {
    return new EmbeddedSettling(
        () -> EngineTasks.over(connection), ledgerTable, Optional.empty(), Patience.REAL);
  }

  /** One whose settlements can be seen beside the runs in {@code home}. */
  static EmbeddedSettling kept(DynamoDbConnection connection, String ledgerTable, Path home) {
    return new EmbeddedSettling(
        () -> EngineTasks.over(connection), ledgerTable, Optional.of(home), Patience.REAL);
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
      refused.follow(settled, ending.runId(), patience);
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
  private JsonNode described(Optional<Execution> now) throws TaskFailure {
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
  private Optional<Instant> redrivenAt(Execution execution) {
    return execution.status() == RunStatus.RUNNING
        ? Optional.of(patience.now().plusSeconds(60))
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
