package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.List;
import java.util.Optional;

/** An inline Map: an iteration for each item, inside the Map's own execution. */
final class Iterations implements Branches.Plan {
  private final Visit visit;
  private final MapState state;
  private final List<MapItem> items;

  private Iterations(Visit visit, MapState state, List<MapItem> items) {
    this.visit = visit;
    this.state = state;
    this.items = items;
  }

  static void begin(Visit visit, MapState state) {
    int asked = MapSettings.maxConcurrency(visit, state.fields());
    int concurrency =
        asked == 0 ? Limits.INLINE_ITERATIONS : Math.min(asked, Limits.INLINE_ITERATIONS);
    List<MapItem> items = MapSettings.items(visit, state.fields());
    visit
        .unit()
        .event(
            "MapStateStarted",
            state.name(),
            JsonNodeFactory.instance.objectNode().put("length", items.size()));
    new Branches(visit, new Iterations(visit, state, items), concurrency).start();
  }

  @Override
  public int count() {
    return items.size();
  }

  @Override
  public States states(int index) {
    return state.fields().processor();
  }

  @Override
  public JsonNode input(int index) {
    return items.get(index).input(visit, state.fields().itemSelector(), MapItem.FROM_STATE);
  }

  @Override
  public Optional<JsonNode> mapContext(int index) {
    return Optional.of(items.get(index).mapContext(MapItem.FROM_STATE));
  }

  @Override
  public String eventPrefix() {
    return "MapIteration";
  }

  @Override
  public void beforeResult() {
    visit.unit().event("MapStateSucceeded", state.name());
  }

  @Override
  public void beforeFailure() {
    visit.unit().event("MapStateFailed", state.name());
  }
}
