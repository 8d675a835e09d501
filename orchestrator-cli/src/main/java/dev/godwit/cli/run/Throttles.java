package dev.godwit.cli.run;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How often DynamoDB has throttled a run, and by what. */
public final class Throttles {
  private static final Map<Counter, String> WORDS = new LinkedHashMap<>();

  static {
    WORDS.put(Counter.TABLE_THROTTLES, "for the table");
    WORDS.put(Counter.INDEX_THROTTLES, "for an index");
    WORDS.put(Counter.PARTITION_THROTTLES, "for one partition");
    WORDS.put(Counter.ACCOUNT_THROTTLES, "for the account's quota");
    WORDS.put(Counter.MAXIMUM_THROTTLES, "for the on-demand maximum");
    WORDS.put(Counter.THROTTLES, "without a reason");
  }

  /** In the order in which they are told. */
  public static final List<Counter> COUNTERS = List.copyOf(WORDS.keySet());

  private Throttles() {}

  /**
   * What one of them counts, as in "for the table".
   *
   * @throws IllegalArgumentException when it is none of them
   */
  public static String words(Counter counter) {
    var words = WORDS.get(counter);
    if (words == null) {
      throw new IllegalArgumentException(counter + " counts no throttles");
    }
    return words;
  }

  /** In a sentence; absent when there were none. */
  public static Optional<String> of(Tally tally) {
    var parts = new ArrayList<String>();
    WORDS.forEach(
        (counter, words) -> {
          if (tally.count(counter) > 0) {
            parts.add(String.format(Locale.ROOT, "%,d %s", tally.count(counter), words));
          }
        });
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", parts));
  }

  /**
   * What people can do about limits that a run cannot go round, a sentence for each; none when it
   * met none.
   */
  public static List<String> advice(Tally tally) {
    var sentences = new ArrayList<String>();
    if (tally.count(Counter.ACCOUNT_THROTTLES) > 0) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "DynamoDB throttled the run %,d times for the account's quota for a table: ask for a"
                  + " higher one in Service Quotas, or give the run a lower budget.",
              tally.count(Counter.ACCOUNT_THROTTLES)));
    }
    if (tally.count(Counter.MAXIMUM_THROTTLES) > 0) {
      sentences.add(
          String.format(
              Locale.ROOT,
              "DynamoDB throttled the run %,d times for the maximum throughput that is set for the"
                  + " table or an index: raise that, or give the run a lower budget.",
              tally.count(Counter.MAXIMUM_THROTTLES)));
    }
    return sentences;
  }
}
