package dev.godwit.cli.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.run.RunEnding;
import dev.godwit.worker.Counter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** A run's ending as one JSON object, for programs. */
public final class JsonReport {
  private static final List<Counter> COUNTED =
      List.of(
          Counter.SCANNED,
          Counter.KEPT,
          Counter.UPDATED,
          Counter.DELETED,
          Counter.CONFLICTS,
          Counter.FAILED);
  private static final List<Counter> UNITS = List.of(Counter.READ_UNITS, Counter.WRITE_UNITS);

  private JsonReport() {}

  /** The object, on one line. */
  public static String of(RunEnding ending) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("runId", ending.runId());
    json.put("status", ending.status().name());
    json.putObject("segments")
        .put("total", ending.segments().total())
        .put("succeeded", ending.segments().succeeded())
        .put("failed", ending.segments().failed());
    var tally = json.putObject("tally");
    for (Counter counter : COUNTED) {
      tally.put(counter.field(), ending.tally().count(counter));
    }
    for (Counter counter : UNITS) {
      tally.put(counter.field(), rounded(ending.tally().amount(counter), 1));
    }
    json.put("resultsLocation", ending.resultsLocation());
    json.put("seconds", rounded(ending.duration().toMillis() / 1000.0, 3));
    return json.toString();
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }
}
