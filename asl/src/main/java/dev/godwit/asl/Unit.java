package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** One execution with a history of its own: a top-level one, or a child of a Map Run. */
final class Unit {
  private static final JsonNode NO_DETAILS = JsonNodeFactory.instance.objectNode();

  private final EngineParts parts;
  private final ExecutionNames names;
  private final String arn;
  private final JsonNode context;
  private final Journal journal;
  private final List<MapRun> mapRuns = new CopyOnWriteArrayList<>();
  private final AtomicLong events = new AtomicLong();

  /**
   * @param context the parts of the context object that stay the same: {@code Execution}, {@code
   *     StateMachine}
   */
  Unit(EngineParts parts, ExecutionNames names, String arn, JsonNode context, Journal journal) {
    this.parts = parts;
    this.names = names;
    this.arn = arn;
    this.context = context;
    this.journal = journal;
  }

  EngineParts parts() {
    return parts;
  }

  Loop loop() {
    return parts.loop();
  }

  ExecutionNames names() {
    return names;
  }

  /** Makes a Map Run's progress visible. */
  void add(MapRun run) {
    mapRuns.add(run);
  }

  List<MapRun> mapRuns() {
    return mapRuns;
  }

  String arn() {
    return arn;
  }

  JsonNode context() {
    return context;
  }

  Journal journal() {
    return journal;
  }

  void event(String type, String stateName) {
    event(type, stateName, NO_DETAILS);
  }

  /**
   * @throws StateFailure {@code States.Runtime} when only the last event, the ending, has room left
   */
  void event(String type, String stateName, JsonNode details) {
    long id = events.incrementAndGet();
    if (id >= Limits.HISTORY_EVENTS) {
      throw new StateFailure(
          ErrorNames.RUNTIME,
          "The execution reached the maximum number of history events ("
              + Limits.HISTORY_EVENTS
              + ").");
    }
    tell(id, type, stateName, details);
  }

  /** The last event of the execution, for which there is always room. */
  void lastEvent(String type, JsonNode details) {
    tell(Math.min(events.incrementAndGet(), Limits.HISTORY_EVENTS), type, "", details);
  }

  private void tell(long id, String type, String stateName, JsonNode details) {
    parts.listener().on(new ExecutionEvent(loop().now(), arn, id, type, stateName, details));
  }
}
