package dev.godwit.cli.transform;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.run.text.TerminalText;
import dev.godwit.testkit.Outcome;
import dev.godwit.testkit.TransformTester;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a transform does to items, one after the other, and to its own output. */
final class TransformTrial {
  private final TransformTester tester;
  private final TreeSet<String> guardedBy = new TreeSet<>();
  private final TreeMap<String, Integer> failures = new TreeMap<>();
  private Optional<String> notIdempotent = Optional.empty();
  private int unstable;
  private int items;
  private int kept;
  private int replaced;
  private int deleted;
  private int actions;

  TransformTrial(TransformTester tester) {
    this.tester = tester;
  }

  void on(Item item) {
    items++;
    var outcome = tester.apply(item);
    if (outcome.failure().isPresent()) {
      failures.merge(outcome.failure().get().getClass().getName(), 1, Integer::sum);
      return;
    }
    actions += outcome.change().actions().size() + outcome.change().deferred().size();
    if (outcome.change() instanceof Change.Delete) {
      deleted++;
      guardedBy.addAll(outcome.guardedBy());
    } else if (outcome.difference().isEmpty()) {
      kept++;
    } else {
      replaced++;
      guardedBy.addAll(outcome.guardedBy());
      tryAgain(outcome);
    }
  }

  private void tryAgain(Outcome outcome) {
    try {
      outcome.assertIdempotent();
    } catch (AssertionError e) {
      unstable++;
      notIdempotent = notIdempotent.or(() -> Optional.ofNullable(e.getMessage()));
    }
  }

  /** Whether every item was transformed, and its outcome kept. */
  boolean isSound() {
    return failures.isEmpty() && unstable == 0;
  }

  /** For people, several lines; the names of attributes, never their values. */
  String report() {
    var text = new StringBuilder();
    line(
        text,
        "%,d items tried: %,d kept, %,d replaced, %,d deleted, %,d failed; %,d actions",
        items,
        kept,
        replaced,
        deleted,
        failures.values().stream().mapToInt(n -> n).sum(),
        actions);
    failures.forEach((error, count) -> line(text, "%,d failed with %s", count, error));
    if (!guardedBy.isEmpty()) {
      line(text, "Writes would be guarded by: %s", String.join(", ", guardedBy));
    }
    if (unstable > 0) {
      line(text, "%s", notIdempotent.orElse(""));
      line(
          text,
          "That is so for %,d of the items replaced. If it cannot be helped, run with --stamp ATTRIBUTE.",
          unstable);
    } else if (replaced > 0) {
      line(
          text,
          "Idempotent: each of the %,d items replaced is kept when it is offered again.",
          replaced);
    }
    text.append("Nothing was written.");
    return TerminalText.ofLines(text.toString());
  }

  private static void line(StringBuilder text, String format, Object... arguments) {
    text.append(String.format(Locale.ROOT, format, arguments)).append(System.lineSeparator());
  }
}
