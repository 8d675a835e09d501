package dev.godwit.asl;

import static dev.godwit.asl.ScriptedRun.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine with real time and threads. */
class EngineTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final String TASK =
      """
      {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
        "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {}, "Next": "B"},
        "B": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {}, "End": true}}}
      """;

  @TempDir Path home;

  private static StateMachine machine(String json) {
    return StateMachine.parse("m", json);
  }

  private static StateMachine segments(int count, int concurrency) {
    return machine(
        """
        {"QueryLanguage": "JSONata", "StartAt": "M", "States": {"M": {
          "Type": "Map", "End": true, "MaxConcurrency": %d, "Items": "{%% [0..%d] %%}",
          "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "b"}},
          "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
            "StartAt": "Scan", "States": {
              "Scan": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": "{%% $states.input %%}", "Next": "Done"},
              "Done": {"Type": "Pass", "End": true}}}}}}
        """
            .formatted(concurrency, count - 1));
  }

  @Test
  void start_sameNameAndInputWhileRunning_givesTheSameExecution() throws Exception {
    var gate = new CountDownLatch(1);
    try (Engine engine =
        Engine.builder(home)
            .task(
                "lambda:",
                call -> {
                  gate.await();
                  return NOTHING;
                })
            .build()) {
      Execution first = engine.start(machine(TASK), "one", NOTHING);
      assertThat(engine.start(machine(TASK), "one", NOTHING)).isSameAs(first);
      assertThatThrownBy(() -> engine.start(machine(TASK), "one", json("{\"other\": 1}")))
          .isInstanceOf(ExecutionAlreadyExists.class)
          .hasMessageContaining("'one'");
      gate.countDown();
      first.await();
      assertThatThrownBy(() -> engine.start(machine(TASK), "one", NOTHING))
          .isInstanceOf(ExecutionAlreadyExists.class);
    }
  }

  /** As UpdateMapRun does. */
  @Test
  void limitMapRuns_moreOrFewerThanAtFirst_holdsForThoseThatBeginFromThenOn() throws Exception {
    var begun = new Semaphore(0);
    var gates = new Semaphore(0);
    try (Engine engine =
        Engine.builder(home)
            .task(
                "lambda:",
                call -> {
                  begun.release();
                  gates.acquire();
                  return NOTHING;
                })
            .build()) {
      Execution one = engine.start(segments(10, 1), "one", NOTHING);
      begun.acquire();
      assertThat(one.maxConcurrency("M")).hasValue(1);
      assertThat(one.maxConcurrency("another")).isEmpty();

      one.limitMapRuns("M", 4);
      begun.acquire(3);
      assertThat(one.maxConcurrency("M")).hasValue(4);
      assertThat(one.mapRuns().get(0).running()).isEqualTo(4);

      one.limitMapRuns("M", 2);
      gates.release(2);
      while (one.mapRuns().get(0).succeeded() < 2) {
        Thread.onSpinWait();
      }
      assertThat(one.mapRuns().get(0).running()).as("no other has begun").isEqualTo(2);
      gates.release(1);
      begun.acquire();

      gates.release(100);
      assertThat(one.await().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      one.limitMapRuns("M", 9);
    }
  }

  /** A full disk, say: whoever goes on with it later must not be told that it is running. */
  @Test
  void run_endCannotBeWritten_givesTheExecutionBack() throws Exception {
    Path inTheWay = home.resolve("executions/one/execution.json.next");
    try (Engine engine =
        Engine.builder(home)
            .task(
                "lambda:",
                call -> {
                  if (call.stateName().equals("B")) {
                    Files.createDirectories(inTheWay);
                  }
                  return NOTHING;
                })
            .build()) {
      Execution one = engine.start(machine(TASK), "one", NOTHING);
      assertThatThrownBy(one::await).isInstanceOf(IllegalStateException.class);
      Files.delete(inTheWay);

      assertThat(engine.find("one").orElseThrow().killed()).isTrue();
    }
    try (Engine another = Engine.builder(home).task("lambda:", call -> NOTHING).build()) {
      assertThat(another.redrive("one").await().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    }
  }

  @Test
  void arn_ofOneNameInTwoFolders_isNotTheSame_andIsKeptForRedrives() throws Exception {
    try (Engine here = Engine.builder(home).task("", call -> NOTHING).build();
        Engine there = Engine.builder(home.resolve("there")).task("", call -> NOTHING).build()) {
      Execution one = here.start(machine(TASK), "one", NOTHING).await();
      Execution other = there.start(machine(TASK), "one", NOTHING).await();

      assertThat(one.arn()).isNotEqualTo(other.arn()).contains(":execution:m:one:");
      assertThat(here.find("one").orElseThrow().arn()).isEqualTo(one.arn());
      assertThat(here.statusChangeEvent("one").at("/detail/executionArn").asText())
          .isEqualTo(one.arn());
    }
    try (Engine failing =
        Engine.builder(home)
            .task(
                "",
                call -> {
                  throw new TaskFailure("Odd", "");
                })
            .build()) {
      Execution two = failing.start(machine(TASK), "two", NOTHING).await();
      assertThat(failing.redrive("two").await().arn()).isEqualTo(two.arn());
    }
  }

  @Test
  void describeExecution_ofAnotherFoldersExecutionOfTheName_doesNotExist() throws Exception {
    String describe =
        """
        {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
          "A": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sfn:describeExecution",
            "Arguments": {"ExecutionArn": "{% $states.input %}"}, "End": true}}}
        """;
    try (Engine here = Engine.builder(home).task("", call -> NOTHING).build();
        Engine there = Engine.builder(home.resolve("there")).task("", call -> NOTHING).build()) {
      String mine = here.start(machine(TASK), "one", NOTHING).await().arn();
      String another = there.start(machine(TASK), "one", NOTHING).await().arn();
      JsonNode nameOnly =
          JsonNodeFactory.instance.textNode(mine.substring(0, mine.lastIndexOf(':')));

      Execution known =
          here.start(machine(describe), "d1", JsonNodeFactory.instance.textNode(mine)).await();
      Execution unknown =
          here.start(machine(describe), "d2", JsonNodeFactory.instance.textNode(another)).await();
      Execution unnamed = here.start(machine(describe), "d3", nameOnly).await();

      assertThat(known.output().orElseThrow().get("Status").asText()).isEqualTo("SUCCEEDED");
      assertThat(unknown.error()).contains("Sfn.ExecutionDoesNotExistException");
      assertThat(unnamed.error()).contains("Sfn.ExecutionDoesNotExistException");
    }
  }

  @Test
  void listener_statesThatAreEnteredAndLeft_sayWithWhat() throws Exception {
    var heard = new ConcurrentHashMap<String, JsonNode>();
    var seen = new ConcurrentHashMap<String, JsonNode>();
    try (Engine engine =
        Engine.builder(home)
            .task(
                "lambda:",
                call -> {
                  seen.put(call.stateName(), call.context());
                  return json("{\"n\": 2}");
                })
            .listener(event -> heard.put(event.type(), event.details()))
            .build()) {
      engine
          .start(
              machine(
                  """
                  {"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                    "A": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Arguments": {},
                      "Assign": {"n": "{% $states.result.n %}"},
                      "Output": "{% $states.result.n + 1 %}", "End": true}}}
                  """),
              "one",
              json("{\"a\": 1}"))
          .await();
    }
    assertThat(heard.get("TaskStateEntered"))
        .isEqualTo(json("{\"name\": \"A\", \"input\": {\"a\": 1}}"));
    assertThat(heard.get("TaskStateExited"))
        .isEqualTo(json("{\"name\": \"A\", \"output\": 3, \"assignedVariables\": {\"n\": 2}}"));
    assertThat(seen).containsOnlyKeys("A");
    assertThat(seen.values())
        .allMatch(context -> context.at("/Execution/Name").asText().equals("one"))
        .allMatch(context -> context.at("/State/Name").asText().equals("A"));
  }

  @Test
  void start_resourceThatNothingIsRegisteredFor_isRefusedBeforeAnythingRuns() {
    try (Engine engine = Engine.builder(home).build()) {
      assertThatThrownBy(() -> engine.start(machine(TASK), "one", NOTHING))
          .isInstanceOf(InvalidDefinition.class)
          .hasMessageContaining("arn:aws:states:::lambda:invoke");
      assertThat(engine.executions()).isEmpty();
    }
  }

  @Test
  void start_badNameOrHugeInput_isRefused() {
    try (Engine engine = Engine.builder(home).task("", call -> NOTHING).build()) {
      assertThatThrownBy(() -> engine.start(machine(TASK), "../up", NOTHING))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(
              () ->
                  engine.start(
                      machine(TASK),
                      "one",
                      JsonNodeFactory.instance.textNode("x".repeat(256 * 1024 - 1))))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("262144");
    }
  }

  @Test
  void task_javaExceptions_areNamedByTheirClass() throws Exception {
    try (Engine engine =
        Engine.builder(home)
            .task(
                "lambda:",
                call -> {
                  throw new IllegalStateException("no table");
                })
            .build()) {
      Execution execution = engine.start(machine(TASK), "one", NOTHING).await();
      assertThat(execution.error()).contains("java.lang.IllegalStateException");
      assertThat(execution.cause()).contains("no table");
    }
  }

  @Test
  void stop_duringATask_takesItsAnswerAndGoesNoFurther() throws Exception {
    var begun = new CountDownLatch(1);
    var calls = new AtomicInteger();
    TaskPort port =
        call -> {
          calls.incrementAndGet();
          if (call.stateName().equals("A")) {
            begun.countDown();
            while (!call.cancelled()) {
              Thread.sleep(1);
            }
          }
          return JsonNodeFactory.instance.textNode("from " + call.stateName());
        };
    try (Engine engine = Engine.builder(home).task("lambda:", port).build()) {
      Execution execution = engine.start(machine(TASK), "one", NOTHING);
      begun.await();
      execution.stop("Godwit.Stopped", "Ctrl-C");
      execution.await();
      assertThat(execution.status()).isEqualTo(ExecutionStatus.ABORTED);
      assertThat(execution.error()).contains("Godwit.Stopped");
      assertThat(calls).hasValue(1);

      Execution redriven = engine.redrive("one").await();
      assertThat(redriven.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(calls).as("A's answer was kept").hasValue(2);
    }
  }

  @Test
  void stop_taskThatDoesNotListen_isWaitedForOnlyForTheGracePeriod() throws Exception {
    var begun = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    try (Engine engine =
        Engine.builder(home)
            .grace(Duration.ofMillis(50))
            .task(
                "lambda:",
                call -> {
                  begun.countDown();
                  gate.await();
                  return NOTHING;
                })
            .build()) {
      Execution execution = engine.start(machine(TASK), "one", NOTHING);
      begun.await();
      execution.stop("E", "");
      assertThat(execution.await(Duration.ofSeconds(10))).isTrue();
      assertThat(execution.status()).isEqualTo(ExecutionStatus.ABORTED);
      gate.countDown();
    }
  }

  @Test
  void cutOff_afterAStop_waitsForNoCall_andARedriveMakesThemAgain() throws Exception {
    var begun = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    var calls = new AtomicInteger();
    try (Engine engine =
        Engine.builder(home)
            .grace(Duration.ofDays(1))
            .task(
                "lambda:",
                call -> {
                  if (calls.incrementAndGet() == 1) {
                    begun.countDown();
                    gate.await();
                  }
                  return NOTHING;
                })
            .build()) {
      Execution execution = engine.start(machine(TASK), "one", NOTHING);
      begun.await();
      execution.stop("Stopped", "");
      execution.cutOff();
      assertThat(execution.await().status()).isEqualTo(ExecutionStatus.ABORTED);
      assertThat(execution.error()).contains("Stopped");

      assertThat(engine.redrive("one").await().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(calls).as("both of the redrive").hasValue(3);
      gate.countDown();
    }
  }

  @Test
  void start_ofOneNameByTwoEnginesAtOnce_beginsOne() throws Exception {
    for (int round = 0; round < 8; round++) {
      String name = "round-" + round;
      assertThat(ofTwoAtOnce((engine, who) -> engine.start(machine(TASK), name, json(who))))
          .as(name)
          .singleElement()
          .isInstanceOf(ExecutionAlreadyExists.class);
    }
  }

  @Test
  void redrive_byTwoEnginesAtOnce_goesOnInOne() throws Exception {
    for (int round = 0; round < 8; round++) {
      String name = "round-" + round;
      try (Engine failing =
          Engine.builder(home)
              .task(
                  "lambda:",
                  call -> {
                    throw new TaskFailure("E", "");
                  })
              .build()) {
        failing.start(machine(TASK), name, NOTHING).await();
      }
      assertThat(ofTwoAtOnce((engine, who) -> engine.redrive(name)))
          .as(name)
          .singleElement()
          .isInstanceOf(ExecutionNotRedrivable.class);
    }
  }

  private interface Beginning {
    Execution begin(Engine engine, String who);
  }

  /** What two engines over one home throw; the execution lasts until both have tried. */
  private List<Exception> ofTwoAtOnce(Beginning beginning) throws Exception {
    var together = new CyclicBarrier(2);
    var tried = new CountDownLatch(2);
    var threads = Executors.newFixedThreadPool(2);
    try {
      var thrown = new ArrayList<Future<Optional<Exception>>>();
      for (String who : List.of("1", "2")) {
        thrown.add(
            threads.submit(
                () -> {
                  try (Engine engine =
                      Engine.builder(home)
                          .task(
                              "lambda:",
                              call -> {
                                tried.await();
                                return NOTHING;
                              })
                          .build()) {
                    together.await();
                    Execution begun;
                    try {
                      begun = beginning.begin(engine, who);
                    } finally {
                      tried.countDown();
                    }
                    begun.await();
                    return Optional.empty();
                  } catch (RuntimeException e) {
                    return Optional.of(e);
                  }
                }));
      }
      var all = new ArrayList<Exception>();
      for (Future<Optional<Exception>> one : thrown) {
        one.get().ifPresent(all::add);
      }
      return all;
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void redrive_runningSucceededOrUnknown_isRefused() throws Exception {
    var gate = new CountDownLatch(1);
    try (Engine engine =
            Engine.builder(home)
                .task(
                    "lambda:",
                    call -> {
                      gate.await();
                      return NOTHING;
                    })
                .build();
        Engine other = Engine.builder(home).task("lambda:", call -> NOTHING).build()) {
      Execution execution = engine.start(machine(TASK), "one", NOTHING);
      for (Engine any : new Engine[] {engine, other}) {
        assertThatThrownBy(() -> any.redrive("one"))
            .isInstanceOf(ExecutionNotRedrivable.class)
            .hasMessageContaining("running");
        assertThat(any.find("one").orElseThrow().killed()).isFalse();
      }
      gate.countDown();
      execution.await();
      assertThatThrownBy(() -> engine.redrive("one"))
          .isInstanceOf(ExecutionNotRedrivable.class)
          .hasMessageContaining("succeeded");
      assertThatThrownBy(() -> engine.redrive("two"))
          .isInstanceOf(ExecutionNotRedrivable.class)
          .hasMessageContaining("no execution");
    }
  }

  @Test
  void find_fromAnotherProcessAfterThisOneLooked_stillSeesItRunning() throws Exception {
    var gate = new CountDownLatch(1);
    try (Engine engine =
        Engine.builder(home)
            .task(
                "lambda:",
                call -> {
                  gate.await();
                  return NOTHING;
                })
            .build()) {
      Execution execution = engine.start(machine(TASK), "one", NOTHING);
      // On Linux a process gives a lock away by closing any channel to its file.
      assertThat(engine.find("one").orElseThrow().killed()).isFalse();
      Process probe =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KillableRun.class.getName(),
                  home.toString(),
                  "one")
              .start();
      String said = new String(probe.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said.strip()).isEqualTo("false");
      gate.countDown();
      execution.await();
    }
  }

  @Test
  void listener_thatThrows_harmsNothing() throws Exception {
    try (Engine engine =
        Engine.builder(home)
            .task("", call -> NOTHING)
            .listener(
                event -> {
                  throw new IllegalStateException("broken listener");
                })
            .build()) {
      assertThat(engine.start(machine(TASK), "one", NOTHING).await().status())
          .isEqualTo(ExecutionStatus.SUCCEEDED);
    }
  }

  @Test
  void mapRun_moreChildrenThanTaskThreads_neverCallsMoreThanThoseAtOnce() throws Exception {
    var now = new AtomicInteger();
    var most = new AtomicInteger();
    try (Engine engine =
        Engine.builder(home)
            .taskThreads(3)
            .task(
                "lambda:",
                call -> {
                  most.accumulateAndGet(now.incrementAndGet(), Math::max);
                  Thread.sleep(2);
                  now.decrementAndGet();
                  return NOTHING;
                })
            .build()) {
      Execution execution = engine.start(segments(60, 40), "one", NOTHING).await();
      assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(most).hasValue(3);
    }
  }

  @Test
  void mapRun_failedAndRedriven_keepsTheResultsOfBothAttemptsInOnePlace() throws Exception {
    Map<Integer, Integer> calls = new ConcurrentHashMap<>();
    var healthy = new Semaphore(0);
    FolderObjectStore objects = new FolderObjectStore(home.resolve("buckets"));
    try (Engine engine =
        Engine.builder(home)
            .objects(objects)
            .task(
                "lambda:",
                call -> {
                  int segment = call.arguments().intValue();
                  calls.merge(segment, 1, Integer::sum);
                  if (segment == 20 && healthy.availablePermits() == 0) {
                    throw new TaskFailure("Boom", "segment 20");
                  }
                  return call.arguments();
                })
            .build()) {
      Execution failed = engine.start(segments(100, 4), "one", NOTHING).await();
      assertThat(failed.error()).contains("States.ExceedToleratedFailureThreshold");
      MapRunCounts counts = failed.mapRuns().get(0);
      assertThat(counts.failed()).isEqualTo(1);
      assertThat(counts.pending()).isPositive();
      assertThat(counts.total())
          .isEqualTo(counts.pending() + counts.succeeded() + counts.failed() + counts.aborted());
      String folder = counts.mapRunArn().substring(counts.mapRunArn().lastIndexOf(':') + 1);
      assertThat(records(objects, folder, "FAILED_0.json").get(0).get("Error").asText())
          .isEqualTo("Boom");
      assertThat(records(objects, folder, "PENDING_0.json")).hasSize(counts.pending());

      healthy.release();
      Execution redriven = engine.redrive("one").await();
      assertThat(redriven.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(records(objects, folder, "SUCCEEDED_0.json")).hasSize(100);
      JsonNode manifest =
          Json.MAPPER.readTree(objects.file("b", folder + "/manifest.json").toFile());
      assertThat(manifest.at("/ResultFiles/FAILED")).isEmpty();
      assertThat(calls).hasSize(100);
      assertThat(calls.values().stream().filter(n -> n > 1)).hasSizeLessThanOrEqualTo(4);
    }
  }

  private static JsonNode records(FolderObjectStore objects, String folder, String file)
      throws Exception {
    return Json.MAPPER.readTree(objects.file("b", folder + "/" + file).toFile());
  }

  @Test
  void resultWriter_thatFails_failsTheRunAndARedriveOnlyWritesAgain() throws Exception {
    var calls = new AtomicInteger();
    var broken = new AtomicInteger(1);
    FolderObjectStore folder = new FolderObjectStore(home.resolve("buckets"));
    ObjectStore unreliable =
        new ObjectStore() {
          @Override
          public Stream<Listed> list(String bucket, String prefix) throws IOException {
            return folder.list(bucket, prefix);
          }

          @Override
          public InputStream read(String bucket, String key) throws IOException {
            return folder.read(bucket, key);
          }

          @Override
          public void write(String bucket, String key, Content content) throws IOException {
            if (broken.getAndDecrement() > 0) {
              throw new IOException("no such bucket");
            }
            folder.write(bucket, key, content);
          }
        };
    try (Engine engine =
        Engine.builder(home)
            .objects(unreliable)
            .task(
                "lambda:",
                call -> {
                  calls.incrementAndGet();
                  return NOTHING;
                })
            .build()) {
      Execution failed = engine.start(segments(20, 4), "one", NOTHING).await();
      assertThat(failed.error()).contains("States.ResultWriterFailed");
      assertThat(failed.cause().orElseThrow()).contains("no such bucket");
      assertThat(engine.redrive("one").await().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(calls).hasValue(20);
    }
  }

  @Test
  void close_whileAnExecutionRuns_tellsWhoWaitsAndLeavesItToBeRedriven() throws Exception {
    var begun = new CountDownLatch(1);
    var gate = new CountDownLatch(1);
    Execution execution;
    try (Engine engine =
        Engine.builder(home)
            .task(
                "lambda:",
                call -> {
                  begun.countDown();
                  gate.await();
                  return NOTHING;
                })
            .build()) {
      execution = engine.start(machine(TASK), "one", NOTHING);
      begun.await();
    }
    gate.countDown();
    assertThatThrownBy(execution::await)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("redrive it");
    try (Engine next = Engine.builder(home).task("lambda:", call -> NOTHING).build()) {
      assertThat(next.find("one").orElseThrow().killed()).isTrue();
      assertThat(next.redrive("one").await().status()).isEqualTo(ExecutionStatus.SUCCEEDED);
    }
  }

  @Test
  void executions_afterSeveral_areListedNewestFirst() throws Exception {
    try (Engine engine = Engine.builder(home).task("", call -> NOTHING).build()) {
      for (String name : new String[] {"a", "b", "c"}) {
        engine.start(machine(TASK), name, NOTHING).await();
        Thread.sleep(2);
      }
      assertThat(engine.executions())
          .extracting(ExecutionSummary::name)
          .containsExactly("c", "b", "a");
    }
  }

  @Test
  void statusChangeEvent_ofAFailedExecution_hasEventBridgesShape() throws Exception {
    try (Engine engine =
        Engine.builder(home)
            .task(
                "",
                call -> {
                  throw new TaskFailure("E", "why");
                })
            .build()) {
      Execution execution = engine.start(machine(TASK), "one", json("{\"runId\": \"r\"}")).await();
      JsonNode event = execution.statusChangeEvent();
      assertThat(event.get("source").asText()).isEqualTo("aws.states");
      assertThat(event.at("/detail/status").asText()).isEqualTo("FAILED");
      assertThat(event.at("/detail/executionArn").asText()).isEqualTo(execution.arn());
      assertThat(event.at("/detail/input").asText()).isEqualTo("{\"runId\":\"r\"}");
      assertThat(event.at("/detail/stopDate").isIntegralNumber()).isTrue();
      assertThat(event.at("/detail/error").asText()).isEqualTo("E");
    }
  }

  @Test
  void mapRun_tenThousandChildren_needsNoThreadForEachAndLittleMemory() throws Exception {
    var threads = new AtomicInteger();
    try (Engine engine =
        Engine.builder(home)
            .taskThreads(4)
            .task(
                "lambda:",
                call -> {
                  threads.accumulateAndGet(Thread.activeCount(), Math::max);
                  return call.arguments();
                })
            .build()) {
      int before = Thread.activeCount();
      Execution execution = engine.start(segments(10_000, 1000), "one", NOTHING).await();
      assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(execution.mapRuns().get(0).succeeded()).isEqualTo(10_000);
      assertThat(threads.get() - before).isLessThanOrEqualTo(12);
      assertThat(Files.size(home.resolve("executions/one/journal.jsonl"))).isLessThan(10_000);
    }
  }
}
