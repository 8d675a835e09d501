package dev.godwit.junit;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.WorkerException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A run over a {@link TestTable} that has ended, and assertions about it. Each assertion throws
 * {@link AssertionError}, and answers this run otherwise.
 */
public final class TestRun {
  private final Tally tally;
  private final Optional<WorkerException> trouble;
  private final List<Failure> failures;
  private final Supplier<TestRun> again;

  TestRun(
      Tally tally,
      Optional<WorkerException> trouble,
      List<Failure> failures,
      Supplier<TestRun> again) {
    this.tally = tally;
    this.trouble = trouble;
    this.failures = List.copyOf(failures);
    this.again = again;
  }

  /**
   * An item that was not migrated.
   *
   * @param key its key, in DynamoDB JSON
   * @param error the class of what the transform threw, or one of Godwit's own
   * @param message what was said
   */
  public record Failure(String key, String error, String message) {}

  /** How many items were offered to the migration. */
  public long scanned() {
    return tally.count(Counter.SCANNED);
  }

  /** How many items were left as they were. */
  public long kept() {
    return tally.count(Counter.KEPT);
  }

  /** How many items were changed. */
  public long updated() {
    return tally.count(Counter.UPDATED);
  }

  /** How many items were deleted. */
  public long deleted() {
    return tally.count(Counter.DELETED);
  }

  /** The items that were not migrated. */
  public List<Failure> failures() {
    return failures;
  }

  /** Asserts that the run has gone to its end, and that no item has failed. */
  public TestRun assertSucceeded() {
    if (trouble.isPresent() || !failures.isEmpty()) {
      throw new AssertionError(
          "The run failed" + trouble.map(e -> ": " + e.getMessage()).orElse("") + told(failures),
          trouble.orElse(null));
    }
    return this;
  }

  /**
   * Asserts that an item, or the whole run, has failed with {@code error}.
   *
   * @param error a class's name, perhaps without its package
   */
  public TestRun assertFailed(String error) {
    boolean ofAnItem = failures.stream().anyMatch(failure -> isNamed(failure.error(), error));
    if (!ofAnItem && trouble.filter(e -> isNamed(e.getClass().getName(), error)).isEmpty()) {
      throw new AssertionError(
          "Nothing failed with "
              + error
              + trouble.map(e -> "; the run ended with " + e).orElse("; the run ended well")
              + told(failures));
    }
    return this;
  }

  /** Asserts how many items were changed. */
  public TestRun assertUpdated(long expected) {
    return assertCount("updated", updated(), expected);
  }

  /** Asserts how many items were deleted. */
  public TestRun assertDeleted(long expected) {
    return assertCount("deleted", deleted(), expected);
  }

  /** Asserts how many items were left as they were. */
  public TestRun assertKept(long expected) {
    return assertCount("kept", kept(), expected);
  }

  /** Runs the same once more, and asserts that it finds nothing left to do. */
  public TestRun assertRepeatable() {
    var second = again.get().assertSucceeded();
    if (second.kept() != second.scanned()) {
      throw new AssertionError(
          "Run again, the migration does not keep its own output: it updates "
              + second.updated()
              + " and deletes "
              + second.deleted()
              + " of "
              + second.scanned()
              + " items; answer Change.keep() for an item that is in the new form");
    }
    return this;
  }

  private TestRun assertCount(String what, long found, long expected) {
    if (found != expected) {
      throw new AssertionError(
          "The run "
              + what
              + " "
              + found
              + " items, not "
              + expected
              + ", of "
              + scanned()
              + told(failures));
    }
    return this;
  }

  private static boolean isNamed(String name, String asked) {
    return name.equals(asked) || name.endsWith("." + asked) || name.endsWith("$" + asked);
  }

  private static String told(List<Failure> failures) {
    var lines = new StringBuilder();
    failures.forEach(
        failure ->
            lines
                .append(System.lineSeparator())
                .append("  ")
                .append(failure.key())
                .append(' ')
                .append(failure.error())
                .append(": ")
                .append(failure.message()));
    return lines.toString();
  }
}
