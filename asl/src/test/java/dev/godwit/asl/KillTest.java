package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills the process that runs an execution, again and again, and redrives it each time. */
class KillTest {
  @TempDir Path home;

  @Test
  void redrive_afterKillsAtRandomMoments_goesOnFromEachChildsLastState() throws Exception {
    long seed = 20261120;
    Random random = new Random(seed);
    int kills = 0;
    Set<Integer> doneBefore = new HashSet<>();
    int callsBefore = 0;
    for (int round = 0; round < 5; round++) {
      Process process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx64m",
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-cp",
                  System.getProperty("java.class.path"),
                  KillableRun.class.getName(),
                  home.toString())
              .redirectErrorStream(true)
              .redirectOutput(home.resolve("out-" + round + ".txt").toFile())
              .start();
      int target = callsBefore + 10 + random.nextInt(50);
      while (process.isAlive() && calls().size() < target) {
        process.waitFor(2, TimeUnit.MILLISECONDS);
      }
      if (process.isAlive()) {
        process.destroyForcibly().waitFor();
        kills++;
      }
      assertNotCalled(doneBefore, callsBefore);
      callsBefore = calls().size();
      doneBefore = succeeded();
    }
    assertThat(kills).as("kills (seed %d)", seed).isEqualTo(5);
    try (Engine engine = KillableRun.engine(home)) {
      ExecutionSummary killed = engine.find("run").orElseThrow();
      assertThat(killed.killed()).isTrue();
      Execution execution = engine.redrive("run").await();
      assertThat(execution.status()).isEqualTo(ExecutionStatus.SUCCEEDED);
      assertThat(execution.redriveCount()).isEqualTo(5);
    }
    assertNotCalled(doneBefore, callsBefore);
    assertEverySliceCalledAndOnlyThoseUnderWayTwice(kills);
    assertThat(resultSegments()).hasSize(KillableRun.SEGMENTS).doesNotHaveDuplicates();
  }

  private List<String> calls() throws Exception {
    Path file = home.resolve("calls.txt");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  /** Segments whose children had succeeded before a redrive are not touched by it. */
  private void assertNotCalled(Set<Integer> segments, int fromCall) throws Exception {
    List<String> after = calls();
    for (String call : after.subList(fromCall, after.size())) {
      assertThat(segments).doesNotContain(Integer.valueOf(call.substring(0, call.indexOf(' '))));
    }
  }

  private Set<Integer> succeeded() throws Exception {
    Set<Integer> segments = new HashSet<>();
    Path runs = home.resolve("executions/run/map-runs");
    if (Files.isDirectory(runs)) {
      try (var folders = Files.list(runs)) {
        for (Path folder : folders.toList()) {
          Path file = folder.resolve("succeeded.jsonl");
          if (Files.exists(file)) {
            LineFile.forEach(
                file,
                (line, position) ->
                    segments.add(
                        Json.parse(Json.parse(line).at("/r/Output").asText())
                            .get("segment")
                            .intValue()));
          }
        }
      }
    }
    return segments;
  }

  private void assertEverySliceCalledAndOnlyThoseUnderWayTwice(int kills) throws Exception {
    var times = new TreeMap<String, Integer>();
    calls().forEach(call -> times.merge(call, 1, Integer::sum));
    assertThat(times).hasSize(KillableRun.SEGMENTS * KillableRun.SLICES);
    int repeated = times.values().stream().mapToInt(n -> n - 1).sum();
    // Four task threads: a kill catches at most four calls before their answers are journaled,
    // and as many whose answers wait for a step.
    assertThat(repeated).as("slices repeated").isLessThanOrEqualTo(kills * 7);
  }

  private List<Integer> resultSegments() throws Exception {
    FolderObjectStore objects = new FolderObjectStore(home.resolve("buckets"));
    String key;
    try (var listed = objects.list("b", "")) {
      key =
          listed
              .map(ObjectStore.Listed::key)
              .filter(k -> k.endsWith("SUCCEEDED_0.json"))
              .findFirst()
              .orElseThrow();
    }
    List<Integer> segments = new ArrayList<>();
    for (JsonNode record : Json.MAPPER.readTree(objects.file("b", key).toFile())) {
      segments.add(Json.parse(record.get("Output").asText()).get("segment").intValue());
    }
    return segments;
  }
}
