package dev.godwit.cli.plan;

import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.facts.TableFacts.Replica;
import dev.godwit.cli.sample.Interval;
import dev.godwit.cli.sample.Outcome;
import dev.godwit.cli.sample.TableSample;
import java.util.ArrayList;
import java.util.List;

/** Tells what a run's writes set going beside the table, and what they meet there. */
final class Wakes {
  private Wakes() {}

  static List<String> of(TableFacts table, TableSample sample) {
    var wakes = new ArrayList<String>();
    var written = PlanWords.count(records(sample));
    table.stream()
        .ifPresent(
            stream ->
                wakes.add(
                    table
                        .streamReaders()
                        .match(
                            readers ->
                                readers.isEmpty()
                                    ? "The stream gets "
                                        + written
                                        + " records; no function is mapped to it, who else reads it is not known"
                                    : written
                                        + " stream records ("
                                        + stream.view()
                                        + ") go to each of: "
                                        + String.join(", ", readers),
                            why ->
                                "The stream gets "
                                    + written
                                    + " records; who reads it is unknown: "
                                    + why)));
    table
        .kinesisStreams()
        .known()
        .filter(streams -> !streams.isEmpty())
        .ifPresent(
            streams ->
                wakes.add(written + " records go to Kinesis: " + String.join(", ", streams)));
    if (!table.replicas().isEmpty()) {
      wakes.add(
          "Every write is made, and charged, again in "
              + String.join(", ", table.replicas().stream().map(Replica::region).toList())
              + "; a condition is checked in this region alone, and whoever writes last wins");
    }
    table
        .expiry()
        .known()
        .flatMap(it -> it)
        .ifPresent(
            attribute ->
                wakes.add(
                    (sample.expired().high() > 0
                            ? PlanWords.count(sample.expired()) + " items are past"
                            : "Items expire by")
                        + " their time to live ("
                        + attribute
                        + "); one of these may vanish at any moment, which the run takes for a deletion by somebody else"));
    if (table.isStronglyConsistent() && sample.outcome(Outcome.MOVED).high() > 0) {
      wakes.add("A strongly consistent global table refuses transactions, and so every move");
    }
    return wakes;
  }

  /** A move is a record of what goes and one of what comes. */
  private static Interval records(TableSample sample) {
    return sample.written().plus(sample.outcome(Outcome.MOVED));
  }
}
