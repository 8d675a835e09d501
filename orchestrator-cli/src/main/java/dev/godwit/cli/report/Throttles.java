package dev.godwit.cli.report;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How often DynamoDB has throttled a run, and by what. */
final class Throttles {
  private static final Map<Counter, String> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put(Counter.THROTTLES, "for the table");
    WORDS.put(Counter.INDEX_THROTTLES, "for an index");
    WORDS.put(Counter.PARTITION_THROTTLES, "for one partition");
    WORDS.put(Counter.ACCOUNT_THROTTLES, "for the account's quota");
    WORDS.put(Counter.MAXIMUM_THROTTLES, "for the on-demand maximum");
  }

  /** In the order in which they are told. */
  static final List<Counter> COUNTERS = List.copyOf(WORDS.keySet());

  private Throttles() {}

  /** In a sentence; absent when there were none. */
  static Optional<String> of(Tally tally) {
    var parts = new ArrayList<String>();
    WORDS.forEach(
        (counter, words) -> {
          if (tally.count(counter) > 0) {
            parts.add(String.format(Locale.ROOT, "%,d %s", tally.count(counter), words));
          }
        });
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
  }
}
