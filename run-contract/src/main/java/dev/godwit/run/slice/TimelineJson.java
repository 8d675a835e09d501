package dev.godwit.run.slice;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.util.EnumMap;
import java.util.TreeMap;

/**
 * Timelines as JSON, column by column so that they are short: {@code {"seconds": 4, "spans":
 * [446123456, 446123457], "scanned": [1000, 900], "readUnits": [16.5, 15]}}. A counter that has
 * counted nothing is left out.
 */
public final class TimelineJson {
  private static final String SECONDS = "seconds";
  private static final String SPANS = "spans";

  private TimelineJson() {}

  public static ObjectNode write(Timeline timeline) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put(SECONDS, timeline.seconds());
    var spans = json.putArray(SPANS);
    timeline.spans().keySet().forEach(spans::add);
    var total = timeline.total();
    for (Counter counter : Timeline.KEPT) {
      if (total.amount(counter) != 0) {
        var column = json.putArray(counter.field());
        timeline.spans().values().forEach(counted -> add(column, counted.amount(counter)));
      }
    }
    return json;
  }

  private static void add(ArrayNode column, double amount) {
    if (amount == Math.rint(amount)) {
      column.add((long) amount);
    } else {
      column.add(amount);
    }
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Timeline read(JsonNode json) {
    if (!json.path(SECONDS).isIntegralNumber() || !json.path(SPANS).isArray()) {
      throw new IllegalArgumentException("a timeline must have seconds and spans, not " + json);
    }
    var spans = new TreeMap<Long, Tally>();
    for (int i = 0; i < json.get(SPANS).size(); i++) {
      var counted = new EnumMap<Counter, Double>(Counter.class);
      for (Counter counter : Timeline.KEPT) {
        counted.put(counter, json.path(counter.field()).path(i).asDouble());
      }
      spans.put(json.get(SPANS).get(i).asLong(), new Tally(counted));
    }
    return new Timeline(json.get(SECONDS).asLong(), spans);
  }
}
