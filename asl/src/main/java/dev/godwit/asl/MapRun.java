package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A distributed Map at work: one child execution for each item, at most so many at once, their
 * results in files. What it holds in memory is its running children and a bit for each item.
 */
final class MapRun {
  private static final Logger LOG = LoggerFactory.getLogger(MapRun.class);

  private final Visit visit;
  private final MapState state;
  private final String arn;
  private final MapRunFolder folder;
  private final MapRunFolder.Settings settings;
  private final ChildExecutions children;
  private final Cancellation cancellation = new Cancellation();
  private final Cancellation.Registration attached;

  /** Items that need not be begun: they have ended well, or wait in {@link #toResume}. */
  private final BitSet begun;

  private final ArrayDeque<Integer> toResume = new ArrayDeque<>();
  private final MapRunFolder.Items items;
  private int maxConcurrency;
  private boolean itemsExhausted;
  private int running;
  private int succeeded;
  private int failed;
  private int aborted;
  private @Nullable StateError failure;
  private boolean reported;

  private MapRun(Visit visit, MapState state, String id, MapRunFolder folder, boolean resumed) {
    this.visit = visit;
    this.state = state;
    this.folder = folder;
    this.settings = folder.readSettings();
    this.maxConcurrency = settings.maxConcurrency();
    this.arn = visit.unit().names().mapRunArn(state.label(), id);
    this.children = new ChildExecutions(visit.unit(), state, id, folder);
    this.begun = folder.succeededIndexes();
    this.succeeded = begun.cardinality();
    this.items = folder.items();
    this.attached = visit.flow().cancellation().attach(cancellation);
    if (resumed) {
      takeUp();
    }
  }

  /** Those that failed or were broken off go first, each from where it stood. */
  private void takeUp() {
    folder.forgetFailed();
    folder.journal().flows().stream()
        .map(Integer::valueOf)
        .sorted()
        .forEach(
            index -> {
              if (begun.get(index)) {
                folder.journal().forget(String.valueOf(index));
              } else {
                begun.set(index);
                toResume.add(index);
              }
            });
  }

  static void begin(Visit visit, MapState state) {
    Unit unit = visit.unit();
    Journal journal = unit.journal();
    String path = visit.flow().path();
    Optional<String> known = journal.mapRunOf(path);
    String id = known.orElseGet(() -> Uuids.next(unit.parts().random()));
    MapRunFolder folder = MapRunFolder.open(journal.folder().resolve("map-runs").resolve(id));
    if (known.isEmpty()) {
      prepare(visit, state, folder);
      journal.mapRun(path, id);
    }
    MapRun run = new MapRun(visit, state, id, folder, known.isPresent());
    unit.add(run);
    unit.event(
        "MapStateStarted",
        state.name(),
        JsonNodeFactory.instance.objectNode().put("length", run.settings.total()));
    unit.event(
        known.isPresent() ? "MapRunRedriven" : "MapRunStarted",
        state.name(),
        JsonNodeFactory.instance.objectNode().put("mapRunArn", run.arn));
    run.work();
  }

  private static void prepare(Visit visit, MapState state, MapRunFolder folder) {
    MapState.Fields fields = state.fields();
    int asked = MapSettings.maxConcurrency(visit, fields);
    Optional<JsonNode> writer =
        fields.resultWriter().map(w -> w.arguments().evaluate(visit.bindings()));
    writer.ifPresent(ResultExport::check);
    ItemSource source = ItemSource.of(visit, fields);
    int total = source.writeTo(folder);
    folder.writeSettings(
        new MapRunFolder.Settings(
            total,
            asked == 0 ? Limits.MAP_RUN_CHILDREN : Math.min(asked, Limits.MAP_RUN_CHILDREN),
            MapSettings.toleratedCount(visit, fields),
            MapSettings.toleratedPercentage(visit, fields),
            writer,
            source.name()));
  }

  synchronized MapRunCounts counts() {
    int pending = settings.total() - succeeded - failed - aborted - running;
    return new MapRunCounts(
        arn, state.name(), settings.total(), pending, running, succeeded, failed, aborted);
  }

  String stateName() {
    return state.name();
  }

  synchronized int maxConcurrency() {
    return maxConcurrency;
  }

  /** As UpdateMapRun: those that run go on, though they are more. */
  void limit(int atOnce) {
    synchronized (this) {
      if (reported || maxConcurrency == atOnce) {
        return;
      }
      maxConcurrency = atOnce;
    }
    visit.unit().loop().schedule(Duration.ZERO, this::work);
  }

  private void work() {
    synchronized (this) {
      if (reported) {
        return;
      }
      try {
        fill();
      } catch (StateFailure e) {
        fail(e.error());
      }
    }
    reportIfOver();
  }

  private void fill() {
    while (running < maxConcurrency && failure == null && !cancellation.isCancelled()) {
      Integer resumed = toResume.poll();
      if (resumed != null) {
        running++;
        children.resume(resumed, cancellation, this::ended);
        continue;
      }
      Optional<MapItem> item = nextItem();
      if (item.isEmpty()) {
        itemsExhausted = true;
        return;
      }
      JsonNode input = item.get().input(visit, state.fields().itemSelector(), settings.source());
      running++;
      children.start(item.get().index(), input, cancellation, this::ended);
    }
  }

  private Optional<MapItem> nextItem() {
    Optional<MapItem> item = items.next();
    while (item.isPresent() && begun.get(item.get().index())) {
      item = items.next();
    }
    return item;
  }

  private void ended(int index, ObjectNode record, Ending ending) {
    synchronized (this) {
      running--;
      try {
        settle(index, record, ending);
        fill();
      } catch (StateFailure e) {
        fail(e.error());
      } catch (RuntimeException e) {
        if (!(e instanceof UncheckedIOException)) {
          LOG.error("the Map Run {} broke off", arn, e);
        }
        fail(Failures.ofStep(e));
      }
    }
    reportIfOver();
  }

  private void settle(int index, ObjectNode record, Ending ending) {
    if (ending instanceof Ending.Succeeded) {
      succeeded++;
      folder.succeeded(index, record);
      return;
    }
    folder.failed(index, record);
    if (ending instanceof Ending.Aborted) {
      aborted++;
    } else {
      failed++;
      checkTolerance();
    }
  }

  private void checkTolerance() {
    boolean neither =
        settings.toleratedCount().isEmpty() && settings.toleratedPercentage().isEmpty();
    boolean tooMany =
        neither
            || settings.toleratedCount().map(most -> failed > most).orElse(false)
            || settings
                .toleratedPercentage()
                .map(most -> failed * 100L > (long) most * settings.total())
                .orElse(false);
    if (tooMany) {
      fail(
          new StateError(
              ErrorNames.EXCEED_TOLERATED_FAILURE_THRESHOLD,
              "The specified tolerated failure threshold was exceeded"));
    }
  }

  private void fail(StateError error) {
    if (failure == null) {
      failure = error;
      cancellation.cancel();
      visit.unit().loop().schedule(visit.unit().parts().grace(), cancellation::cutOff);
    }
  }

  private void reportIfOver() {
    StateError error;
    boolean all;
    synchronized (this) {
      boolean stopped = failure != null || cancellation.isCancelled();
      if (reported || running > 0 || !(stopped || (itemsExhausted && toResume.isEmpty()))) {
        return;
      }
      reported = true;
      error = failure;
      all = succeeded + failed == settings.total();
    }
    attached.close();
    if (error != null) {
      visit.later(() -> finishFailed(error));
    } else if (all) {
      visit.later(this::finish);
    } else {
      visit.flow().step(this::finishAborted);
    }
  }

  private void finish() {
    JsonNode result;
    try {
      result = settings.writer().isPresent() ? export(settings.writer().get()) : collected();
    } finally {
      close();
    }
    visit.unit().event("MapRunSucceeded", state.name());
    visit.unit().event("MapStateSucceeded", state.name());
    visit.succeed(result);
  }

  private void finishFailed(StateError error) {
    try {
      settings.writer().ifPresent(this::export);
    } finally {
      close();
    }
    visit.unit().event("MapRunFailed", state.name(), error.json());
    visit.unit().event("MapStateFailed", state.name(), error.json());
    throw new StateFailure(error);
  }

  private void finishAborted() {
    try {
      settings.writer().ifPresent(this::export);
    } finally {
      close();
    }
    visit.unit().event("MapRunAborted", state.name());
    visit.unit().event("MapStateAborted", state.name());
    visit.flow().end(new Ending.Aborted());
  }

  private JsonNode export(JsonNode writer) {
    return new ResultExport(visit.unit().parts().objects(), folder, arn).write(writer);
  }

  /** The children's outputs in the order of the items; for those that failed, their records. */
  private JsonNode collected() {
    @Nullable JsonNode[] outputs = new @Nullable JsonNode[settings.total()];
    long[] bytes = {2};
    folder.forEachSucceeded(
        (index, record) -> {
          String output = record.get("Output").textValue();
          bytes[0] += output.getBytes(StandardCharsets.UTF_8).length + 1L;
          checkCollected(bytes[0]);
          outputs[index] = Json.parse(output);
        });
    folder.forEachFailed(
        (index, record) -> {
          bytes[0] += Json.size(record) + 1L;
          checkCollected(bytes[0]);
          outputs[index] = record;
        });
    ArrayNode result = JsonNodeFactory.instance.arrayNode(outputs.length);
    for (JsonNode output : outputs) {
      result.add(output);
    }
    return result;
  }

  private void checkCollected(long bytes) {
    if (bytes > Limits.PAYLOAD_BYTES) {
      throw new StateFailure(
          ErrorNames.DATA_LIMIT_EXCEEDED,
          "The state '"
              + state.name()
              + "' has results with a size exceeding the maximum number of bytes service limit ("
              + Limits.PAYLOAD_BYTES
              + "); give it a ResultWriter.");
    }
  }

  private void close() {
    items.close();
    folder.close();
  }

  /** A child's name: the same for the same item of the same Map Run. */
  static String childName(String mapRunId, int index) {
    return UUID.nameUUIDFromBytes((mapRunId + "/" + index).getBytes(StandardCharsets.UTF_8))
        .toString();
  }
}
