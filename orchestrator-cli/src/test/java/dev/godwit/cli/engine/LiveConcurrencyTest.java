package dev.godwit.cli.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.asl.Engine;
import dev.godwit.asl.Execution;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.StateMachine;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.run.slice.Sharing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveConcurrencyTest {
  private static final String MACHINE =
      """
      {"QueryLanguage": "JSONata", "StartAt": "Migrate segments", "States": {"Migrate segments": {
        "Type": "Map", "End": true, "MaxConcurrency": 2, "Items": "{% [0..9] %}",
        "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
          "StartAt": "Scan", "States": {
            "Scan": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
              "Arguments": {}, "End": true}}}}}}
      """;

  @TempDir private Path home;
  private final AtomicLong nanos = new AtomicLong();
  private final CountDownLatch gate = new CountDownLatch(1);
  private OptionalInt told = OptionalInt.empty();
  private boolean answers = true;
  private Engine engine;
  private Execution execution;
  private final LiveConcurrency concurrency =
      new LiveConcurrency(
          () -> {
            if (!answers) {
              throw new CommandFailed(ExitCode.UNREACHABLE, "The ledger does not answer");
            }
            return new RunRate(
                OptionalInt.empty(),
                OptionalInt.empty(),
                told,
                OptionalInt.empty(),
                false,
                Optional.empty(),
                0,
                List.of(),
                Optional.empty(),
                Optional.empty());
          },
          5,
          nanos::get);

  @BeforeEach
  void start() throws Exception {
    var begun = new CountDownLatch(1);
    engine =
        Engine.builder(home)
            .task(
                "lambda:",
                call -> {
                  begun.countDown();
                  gate.await();
                  return JsonNodeFactory.instance.objectNode();
                })
            .build();
    execution =
        engine.start(
            StateMachine.parse("m", MACHINE), "one", JsonNodeFactory.instance.objectNode());
    begun.await();
  }

  @AfterEach
  void end() throws Exception {
    gate.countDown();
    assertThat(execution.await().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    engine.close();
  }

  private int atOnceAfter(Duration time) {
    nanos.addAndGet(time.toNanos());
    concurrency.look(execution);
    return execution.maxConcurrency(EmbeddedExecutions.SEGMENTS_STATE).orElseThrow();
  }

  @Test
  void look_nothingTold_leavesItAsItIs() {
    assertThat(atOnceAfter(Duration.ofHours(1))).isEqualTo(2);
  }

  @Test
  void look_more_waitsUntilAllWorkersKnow() {
    told = OptionalInt.of(4);
    assertThat(atOnceAfter(Duration.ZERO)).isEqualTo(2);
    assertThat(atOnceAfter(Sharing.RAISED_AFTER.minusNanos(1))).isEqualTo(2);
    assertThat(atOnceAfter(Duration.ofNanos(1))).isEqualTo(4);
  }

  @Test
  void look_fewer_doesNotWait() {
    told = OptionalInt.of(1);
    assertThat(atOnceAfter(Duration.ZERO)).isEqualTo(1);
  }

  @Test
  void look_moreThanFit_takesAsManyAsFit() {
    told = OptionalInt.of(400);
    concurrency.look(execution);
    assertThat(atOnceAfter(Sharing.RAISED_AFTER)).isEqualTo(5);
  }

  @Test
  void look_ledgerDoesNotAnswer_leavesItAsItIs() {
    told = OptionalInt.of(1);
    answers = false;
    assertThat(atOnceAfter(Duration.ofHours(1))).isEqualTo(2);
  }
}
