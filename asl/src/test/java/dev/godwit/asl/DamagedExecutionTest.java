package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of an execution that are not what was written: told as that, and never as an ending. */
class DamagedExecutionTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final StateMachine SEGMENTS =
      StateMachine.parse(
          "m",
          """
          {"QueryLanguage": "JSONata", "StartAt": "Before", "States": {
            "Before": {"Type": "Pass", "Next": "M"},
            "M": {
            "Type": "Map", "End": true, "MaxConcurrency": 3, "Items": "{% [0..9] %}",
            "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Arguments": {"Bucket": "b"}},
            "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
              "StartAt": "Scan", "States": {
                "Scan": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                  "Arguments": {"segment": "{% $states.input %}"}, "Next": "Done"},
                "Done": {"Type": "Pass", "End": true}}}}}}
          """);

  @TempDir Path home;

  /** Segment 7 fails until it is mended. */
  private final AtomicBoolean mended = new AtomicBoolean();

  private Engine engine(Path folder, VirtualLoop loop) {
    return Engine.builder(folder)
        .loop(loop)
        .random(new Random(3))
        .task(
            "lambda:",
            call -> {
              if (call.arguments().get("segment").intValue() == 7 && !mended.get()) {
                throw new TaskFailure("Odd", "segment 7 fails");
              }
              return call.arguments();
            })
        .build();
  }

  private Path failed(String name) {
    Path folder = home.resolve(name);
    var loop = new VirtualLoop();
    mended.set(false);
    Execution execution = engine(folder, loop).start(SEGMENTS, "one", NOTHING);
    loop.runUntilIdle();
    assertThat(execution.status()).isEqualTo(ExecutionStatus.FAILED);
    mended.set(true);
    return folder;
  }

  private ExecutionStatus redrive(Path folder) {
    var loop = new VirtualLoop();
    Execution execution = engine(folder, loop).redrive("one");
    loop.runUntilIdle();
    return execution.status();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var walk = Files.walk(folder.resolve("executions"))) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !file.endsWith("lock"))
          .sorted(Comparator.comparing(Path::toString))
          .toList();
    }
  }

  private Path file(Path folder, String name) throws IOException {
    return files(folder).stream().filter(file -> file.endsWith(name)).findFirst().orElseThrow();
  }

  private static void drop(Path file, int first, int count) throws IOException {
    var lines = new ArrayList<>(Files.readAllLines(file));
    lines.subList(first, first + count).clear();
    Files.write(file, lines);
  }

  @Test
  void redrive_linesOfTheItemsMissing_isToldAsDamageAndNotAsAStop() throws IOException {
    Path folder = failed("items");
    Path items = file(folder, "items.jsonl");
    byte[] whole = Files.readAllBytes(items);
    drop(items, 4, 2);

    assertThatThrownBy(() -> redrive(folder))
        .isInstanceOf(ExecutionDamaged.class)
        .hasMessageContaining("items.jsonl")
        .hasMessageContaining("8 lines, and should have 10");

    Files.write(items, whole);
    assertThat(redrive(folder)).as("nothing was changed").isEqualTo(ExecutionStatus.SUCCEEDED);
  }

  @Test
  void redrive_lineOfTheJournalMissing_isToldWithItsNumber() throws IOException {
    Path folder = failed("journal");
    drop(folder.resolve("executions/one/journal.jsonl"), 0, 1);

    assertThatThrownBy(() -> redrive(folder))
        .isInstanceOf(ExecutionDamaged.class)
        .hasMessageContaining("line 1 was written as line 2");
  }

  @Test
  void redrive_journalGone_isToldAsDamage() throws IOException {
    Path folder = failed("gone");
    Files.delete(folder.resolve("executions/one/journal.jsonl"));

    assertThatThrownBy(() -> redrive(folder)).isInstanceOf(ExecutionDamaged.class);
  }

  @Test
  void redrive_anyFileDamaged_isToldOrGoneOnWithToItsEnd() throws IOException {
    int told = 0;
    for (int seed = 0; seed < 80; seed++) {
      var random = new SplittableRandom(seed);
      Path folder = failed("seed-" + seed);
      List<Path> files = files(folder);
      Path file = files.get(random.nextInt(files.size()));
      String what = "seed " + seed + ", " + file.getFileName();
      damage(file, random);
      try {
        assertThat(redrive(folder)).as(what).isEqualTo(ExecutionStatus.SUCCEEDED);
      } catch (ExecutionDamaged e) {
        assertThat(e).as(what).hasMessageContaining(file.getFileName().toString());
        told++;
      }
    }
    assertThat(told).isBetween(30, 79);
  }

  private static void damage(Path file, SplittableRandom random) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    long lines = new String(bytes, StandardCharsets.UTF_8).lines().count();
    switch (lines < 2 ? random.nextInt(2) : random.nextInt(4)) {
      case 0 -> {
        int from = random.nextInt(Math.max(1, bytes.length));
        for (int i = from; i < Math.min(bytes.length, from + 5); i++) {
          bytes[i] = (byte) 0xFF;
        }
        Files.write(file, bytes);
      }
      case 1 -> Files.write(file, "{\"a\": \"stranger\"}\n".getBytes(StandardCharsets.UTF_8));
      case 2 -> drop(file, random.nextInt((int) lines - 1), 1);
      default -> drop(file, 0, 1 + random.nextInt((int) lines - 1));
    }
  }
}
