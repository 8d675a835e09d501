package dev.godwit.cli.ledger;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.ledger.RunItem;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads the ledger's items, of which some may be halves: what a ledger that was replaced has. */
final class RunItems {
  /** Without these a run cannot be told from another, nor settled. */
  private static final List<String> NEEDED =
      List.of(
          RunItem.EXECUTION_ARN,
          RunItem.TABLE_NAME,
          RunItem.MIGRATION,
          RunItem.REQUEST,
          RunItem.STATUS,
          RunItem.STARTED_AT);

  private RunItems() {}

  /** What {@code item} lacks of a run's record; empty when it is whole. */
  static List<String> missing(Map<String, AttributeValue> item) {
    var missing = new ArrayList<String>();
    for (String name : NEEDED) {
      if (text(item, name).isEmpty()) {
        missing.add(name);
      }
    }
    if (!missing.contains(RunItem.STARTED_AT) && instant(item, RunItem.STARTED_AT).isEmpty()) {
      missing.add(RunItem.STARTED_AT);
    }
    return List.copyOf(missing);
  }

  /** The record that {@code item}, of which nothing is missing, is. */
  static RunRecord record(String runId, Map<String, AttributeValue> item) {
    return new RunRecord(
        runId,
        string(item, RunItem.TABLE_NAME),
        string(item, RunItem.MIGRATION),
        string(item, RunItem.EXECUTION_ARN),
        string(item, RunItem.REQUEST),
        string(item, RunItem.STATUS),
        instant(item, RunItem.STARTED_AT).orElse(Instant.EPOCH),
        instant(item, RunItem.ENDED_AT),
        text(item, RunItem.ERROR),
        text(item, RunItem.CAUSE),
        whole(item, RunItem.FENCE),
        Math.toIntExact(whole(item, RunItem.REDRIVES)),
        text(item, RunItem.CODE),
        text(item, RunItem.WORKER_VERSION),
        text(item, RunItem.UNDONE_BY),
        whole(item, RunItem.SLICES),
        tally(item),
        text(item, RunItem.CAPACITY_BEFORE),
        text(item, RunItem.CAPACITY_NOT_RESTORED));
  }

  private static Tally tally(Map<String, AttributeValue> item) {
    var sum = new Tally.Sum();
    for (Counter counter : Counter.values()) {
      sum.add(counter, number(item.get(counter.field())));
    }
    return sum.total();
  }

  static long whole(Map<String, AttributeValue> item, String name) {
    return Math.round(number(item.get(name)));
  }

  private static double number(@Nullable AttributeValue value) {
    return value == null || value.n() == null ? 0 : Double.parseDouble(value.n());
  }

  private static Optional<Instant> instant(Map<String, AttributeValue> item, String name) {
    try {
      return text(item, name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  static String string(Map<String, AttributeValue> item, String name) {
    return text(item, name).orElse("");
  }

  static Optional<String> text(Map<String, AttributeValue> item, String name) {
    return Optional.ofNullable(item.get(name)).map(AttributeValue::s).filter(s -> !s.isEmpty());
  }
}
