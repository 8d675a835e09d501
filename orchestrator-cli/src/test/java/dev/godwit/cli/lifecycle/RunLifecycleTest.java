package dev.godwit.cli.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Whatever happens to runs, to the commands that begin them, go on with them, stop them and free
 * their tables, and to the calls of those commands: in the end the books are those of a life in
 * which nothing went wrong. {@code -Druns.seed=N} lives one seed again and tells what happened.
 */
class RunLifecycleTest {
  private static final int SEEDS = Integer.getInteger("runs.seeds", 600);

  @Test
  void commands_whateverHappensToThem_leaveTheBooksOfACleanLife() throws IOException {
    Integer one = Integer.getInteger("runs.seed");
    for (int seed = one == null ? 0 : one; seed < (one == null ? SEEDS : one + 1); seed++) {
      var home = home();
      try {
        live(seed, home, one != null);
      } finally {
        delete(home);
      }
    }
  }

  /** In memory where that is possible: what a power cut may take is not the question here. */
  private static Path home() throws IOException {
    var memory = Path.of("/dev/shm");
    return Files.isWritable(memory)
        ? Files.createTempDirectory(memory, "godwit")
        : Files.createTempDirectory("godwit");
  }

  private static void delete(Path home) throws IOException {
    try (var files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void live(int seed, Path home, boolean tells) {
    var world = new RunsWorld(seed, home);
    var capacity = world.dynamoDb.capacity(RunsWorld.TABLE);
    var scaling = world.scaling.targets();
    try {
      world.begin();
      world.finish();
      check(world, capacity, scaling, "seed " + seed);
    } catch (AssertionError | RuntimeException e) {
      world.told.forEach(System.out::println);
      throw e;
    }
    if (tells) {
      world.told.forEach(System.out::println);
    }
  }

  private static void check(RunsWorld world, String capacity, String scaling, String seed) {
    assertThat(world.violations).as(seed).isEmpty();
    assertThat(world.dynamoDb.capacity(RunsWorld.TABLE)).as(seed).isEqualTo(capacity);
    assertThat(world.scaling.targets()).as(seed).isEqualTo(scaling);
    JsonNode last = null;
    for (String run : world.opened()) {
      JsonNode record = world.record(run).orElseThrow();
      assertThat(RunsWorld.status(record)).as(seed + ", ending of " + run).isEqualTo("SUCCEEDED");
      assertThat(record.at("/itemsFailed/N").asInt() > 0).as(seed).isEqualTo(world.failing() > 0);
      assertThat(
              world
                  .dynamoDb
                  .item(RunsWorld.LEDGER, "RUN#" + run, "CANARY")
                  .map(canary -> canary.at("/checked/N").asText())
                  .orElse("none"))
          .as(seed + ", what is looked at again in the canary of " + run)
          .isEqualTo(world.hasCanary() ? "20" : "none");
      Set<String> left = new TreeSet<>();
      record.fieldNames().forEachRemaining(left::add);
      assertThat(left)
          .as(seed + ", record of " + run)
          .contains("endedAt")
          .doesNotContain("capacityBefore", "capacityNotRestored", "capacityTries");
      if (last == null
          || record.at("/endedAt/S").asText().compareTo(last.at("/endedAt/S").asText()) > 0) {
        last = record;
      }
    }
    if (last == null) {
      return;
    }
    JsonNode lease = world.lease().orElseThrow();
    assertThat(lease.has("executionArn")).as(seed + ", the table is free").isFalse();
    JsonNode history =
        world.dynamoDb.item(RunsWorld.LEDGER, "TABLE#Cities", "MIGRATION#m1").orElseThrow();
    assertThat(history.at("/state/S").asText())
        .as(seed)
        .isEqualTo(world.failing() > 0 ? "partial" : "applied");
    assertThat(history.get("runId")).as(seed).isEqualTo(last.get("runId"));
    assertThat(history.get("at")).as(seed).isEqualTo(last.get("endedAt"));
    assertThat(history.get("code")).as(seed).isEqualTo(last.get("code"));
  }
}
