package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be asked of and done to an execution that another process runs or ran. */
class SavedExecutionTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final StateMachine SEGMENTS =
      StateMachine.parse(
          "m",
          """
          {"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": {
            "Type": "Map", "End": true, "MaxConcurrency": 1, "Items": "{% [0..4] %}",
            "ToleratedFailurePercentage": 100,
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "b"}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
              "StartAt": "Scan", "States": {
                "Scan": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                  "Arguments": {"segment": "{% $states.input %}"}, "End": true}}}}}}
          """);

  @TempDir Path home;

  @Test
  void mapRuns_seenByAnotherEngine_countWhatHasEnded() throws Exception {
    var third = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    try (Engine running =
            Engine.builder(home)
                .task(
                    "lambda:",
                    call -> {
                      int segment = call.arguments().get("segment").intValue();
                      if (segment == 1) {
                        throw new TaskFailure("Odd", "segment 1 fails");
                      }
                      if (segment == 3) {
                        third.countDown();
                        gate.await();
                      }
                      return NOTHING;
                    })
                .build();
        Engine looking = Engine.builder(home).build()) {
      assertThat(looking.mapRuns("one")).isEmpty();
      Execution one = running.start(SEGMENTS, "one", NOTHING);
      third.await();
      assertThat(looking.mapRuns("one"))
          .singleElement()
          .satisfies(
              run -> {
                assertThat(run.total()).isEqualTo(5);
                assertThat(run.succeeded()).isEqualTo(2);
                assertThat(run.failed()).isEqualTo(1);
              });
      assertThatThrownBy(() -> looking.abortKilled("one", "Stopped", "by hand"))
          .isInstanceOf(IllegalStateException.class);
      gate.countDown();
      one.await();
      assertThat(looking.abortKilled("one", "Stopped", "by hand")).isFalse();
      assertThat(looking.statusChangeEvent("one").get("detail"))
          .isEqualTo(one.statusChangeEvent().get("detail"));
    }
  }

  @Test
  void abortKilled_ofAKilledExecution_endsItWhereItStands_andItCanBeRedriven() throws Exception {
    var begun = new CountDownLatch(1);
    try (Engine killed =
        Engine.builder(home)
            .task(
                "lambda:",
                call -> {
                  begun.countDown();
                  new CountDownLatch(1).await();
                  return NOTHING;
                })
            .build()) {
      killed.start(SEGMENTS, "one", NOTHING);
      begun.await();
      Path copy = home.resolve("copy");
      copy(home.resolve("executions"), copy.resolve("executions"));

      try (Engine engine = Engine.builder(copy).task("lambda:", call -> NOTHING).build()) {
        assertThat(engine.find("one").orElseThrow().killed()).isTrue();
        assertThat(engine.abortKilled("one", "Stopped", "by hand")).isTrue();
        assertThat(engine.find("one").orElseThrow())
            .satisfies(
                summary -> {
                  assertThat(summary.status()).isEqualTo(ExecutionStatus.ABORTED);
                  assertThat(summary.error()).contains("Stopped");
                });
        JsonNode detail = engine.statusChangeEvent("one").get("detail");
        assertThat(detail.get("status").asText()).isEqualTo("ABORTED");
        assertThat(detail.get("stopDate").isNumber()).isTrue();

        assertThat(engine.redrive("one").await().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      }
    }
  }

  /** The files of a running execution, without its process: as after a kill. */
  private static void copy(Path from, Path to) throws Exception {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
