package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No test of any room asserts on the wall clock: on a busy machine such a test fails though nothing
 * is wrong. What takes time is shown with a clock of the test's own; what hangs is ended by the
 * limit that all tests have, see the parent's pom.
 *
 * <p>Told by the sources' text, because the rooms do not know each other.
 */
class WallClockTest {
  private static final Path ROOT = Path.of("..");

  /** How long something has taken is told by these. */
  private static final Pattern STOPWATCH =
      Pattern.compile("System\\s*\\.\\s*(nanoTime|currentTimeMillis)\\b");

  /** A limit of a test's own is an assertion too. */
  private static final Pattern LIMIT =
      Pattern.compile("\\bassertTimeout\\w*\\(|@Timeout\\b|\\b(succeeds|completes|fails)Within\\(");

  /** An assertion that asks what time it is. */
  private static final Pattern NOW =
      Pattern.compile("\\b(Instant|LocalDateTime|ZonedDateTime|OffsetDateTime)\\.now\\(\\)");

  private static final Pattern ASSERTION = Pattern.compile("\\bassertThat[^;]*;");

  /** They measure and assert nothing, or not by that. */
  private static final Set<String> MEASURE =
      Set.of(
          "CannedTable.java",
          "DemoFloor.java",
          "JarMeasurement.java",
          "WorkerBenchmark.java",
          "WallClockTest.java");

  @Test
  void tests_ofAllRooms_readNoStopwatchAndHaveNoLimitsOfTheirOwn() throws IOException {
    var found = new TreeSet<String>();
    for (Path source : sources()) {
      var text = Files.readString(source);
      if (STOPWATCH.matcher(text).find() || LIMIT.matcher(text).find()) {
        found.add(source.getFileName().toString());
      }
    }

    found.removeAll(MEASURE);
    assertThat(found).isEmpty();
  }

  @Test
  void assertions_ofAllRooms_doNotAskWhatTimeItIs() throws IOException {
    var found = new TreeSet<String>();
    for (Path source : sources()) {
      ASSERTION
          .matcher(Files.readString(source))
          .results()
          .map(MatchResult::group)
          .filter(assertion -> NOW.matcher(assertion).find())
          .forEach(assertion -> found.add(source.getFileName() + ": " + assertion));
    }

    found.removeIf(assertion -> assertion.startsWith("WallClockTest.java"));
    assertThat(found).isEmpty();
  }

  private static List<Path> sources() throws IOException {
    try (Stream<Path> rooms = Files.list(ROOT)) {
      var tests =
          rooms.map(room -> room.resolve("src/test/java")).filter(Files::isDirectory).toList();
      assertThat(tests).hasSizeGreaterThan(5);
      var sources = new TreeSet<Path>();
      for (Path test : tests) {
        try (Stream<Path> files = Files.walk(test)) {
          files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
        }
      }
      return List.copyOf(sources);
    }
  }
}
