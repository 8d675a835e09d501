package dev.godwit.asl;

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
 * Whatever happens to runs on their way, and however often, late or never their ends are told: in
 * the end the books are those of a life in which nothing went wrong. {@code -Dlifecycle.seed=N}
 * lives one seed again and tells what happened.
 */
class LifecycleTest {
  private static final int SEEDS = Integer.getInteger("lifecycle.seeds", 600);

  @Test
  void runs_whateverHappensToThem_leaveTheBooksOfACleanLife() throws IOException {
    LifecycleWorld.Machines machines = LifecycleWorld.Machines.of();
    Integer one = Integer.getInteger("lifecycle.seed");
    for (int seed = one == null ? 0 : one; seed < (one == null ? SEEDS : one + 1); seed++) {
      Path home = home();
      try {
        live(seed, home, machines, one != null);
      } finally {
        delete(home);
      }
    }
  }

  /** In memory where that is possible: what a power cut may take is not the question here. */
  private static Path home() throws IOException {
    Path memory = Path.of("/dev/shm");
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

  private static void live(int seed, Path home, LifecycleWorld.Machines machines, boolean tells) {
    var world = new LifecycleWorld(seed, home, machines);
    String scaling = world.scaling.targets();
    try {
      world.begin();
      world.finish();
      check(world, scaling, "seed " + seed);
    } catch (AssertionError | RuntimeException e) {
      world.told.forEach(System.out::println);
      throw e;
    }
    if (tells) {
      world.told.forEach(System.out::println);
    }
  }

  private static void check(LifecycleWorld world, String scaling, String seed) {
    assertThat(world.violations).as(seed).isEmpty();
    assertThat(world.dynamoDb.capacity(LifecycleWorld.TABLE)).as(seed).isEqualTo(world.capacity());
    assertThat(world.scaling.targets()).as(seed).isEqualTo(scaling);
    JsonNode last = null;
    for (String run : world.opened()) {
      JsonNode record = world.record(run).orElseThrow();
      assertThat(LifecycleWorld.status(record))
          .as(seed + ", ending of " + run)
          .isEqualTo("SUCCEEDED");
      assertThat(world.called(run)).as(seed).isEqualTo(world.hooks());
      assertThat(world.canary(run))
          .as(seed + ", what the gate has gone by, each segment counted once")
          .isEqualTo(world.hasCanary() ? "20 scanned, 20 checked" : "none");
      assertThat(record.at("/itemsFailed/N").asInt() > 0).as(seed).isEqualTo(world.failing() > 0);
      Set<String> left = new TreeSet<>();
      record.fieldNames().forEachRemaining(left::add);
      assertThat(left)
          .as(seed + ", record of " + run)
          .contains("endedAt")
          .doesNotContain(
              "capacityBefore",
              "capacityNotRestored",
              "capacityTries",
              "capacityTriedAt",
              "capacityGivenUpAt");
      if (last == null || record.at("/fence/N").asLong() > last.at("/fence/N").asLong()) {
        last = record;
      }
    }
    if (last == null) {
      return;
    }
    JsonNode lease = world.lease().orElseThrow();
    assertThat(lease.has("executionArn")).as(seed + ", the table is free").isFalse();
    assertThat(lease.has("capacityOwed")).as(seed + ", capacity is owed").isFalse();
    assertThat(lease.get("fence")).as(seed).isEqualTo(last.get("fence"));
    JsonNode history =
        world.dynamoDb.item(LifecycleWorld.LEDGER, "TABLE#Cities", "MIGRATION#m1").orElseThrow();
    assertThat(history.at("/state/S").asText())
        .as(seed)
        .isEqualTo(world.failing() > 0 ? "partial" : "applied");
    assertThat(history.get("runId")).as(seed).isEqualTo(last.get("runId"));
    assertThat(history.get("at")).as(seed).isEqualTo(last.get("endedAt"));
  }
}
