package dev.godwit.asl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where each flow of an execution, or of a Map Run, stands: the state it entered last, with that
 * state's input. From it a killed, stopped or failed execution is redriven.
 *
 * <p>Memory holds a position in the file for every flow that has not ended well; the file is
 * rewritten without what is past when that is most of it. Thread-safe.
 */
final class Journal implements Closeable {
  /** Below this a journal is not worth rewriting. */
  private static final long SMALL_BYTES = 16L << 20;

  private final Path file;
  private final TreeMap<String, Slot> slots = new TreeMap<>();
  private LineFile lines;
  private long lookAt = SMALL_BYTES;

  /** The number of the line written last: each line has its own, so that a missing one is seen. */
  private long number;

  private static final class Slot {
    LineFile.@Nullable Position entered;
    LineFile.@Nullable Position finished;
    @Nullable String mapRun;
    int redriveCount;

    long bytes() {
      LineFile.Position in = entered;
      LineFile.Position out = finished;
      return (in == null ? 0 : in.length()) + (out == null ? 0 : out.length()) + 100L;
    }
  }

  /**
   * Where a flow stands.
   *
   * @param redriveCount how often it was redriven before
   */
  record Entry(String state, JsonNode input, Map<String, JsonNode> variables, int redriveCount) {}

  private Journal(Path file, LineFile lines) {
    this.file = file;
    this.lines = lines;
  }

  /**
   * @throws ExecutionDamaged if it has lines that are not its own, or lacks some before its last
   */
  static Journal open(Path file) {
    Journal journal = new Journal(file, LineFile.open(file));
    boolean loaded = false;
    try {
      journal.load();
      loaded = true;
      return journal;
    } finally {
      if (!loaded) {
        journal.close();
      }
    }
  }

  /** Where the journal's file is: what belongs to the same execution is beside it. */
  Path folder() {
    Path folder = file.toAbsolutePath().getParent();
    return folder == null ? file : folder;
  }

  private void load() {
    number = 0;
    LineFile.forEach(
        file,
        (line, position) -> {
          number++;
          JsonNode record = LineFile.parse(file, number, line);
          if (record.path("n").asLong() != number) {
            throw new ExecutionDamaged(
                file,
                "line " + number + " was written as line " + record.path("n").asText("no number"));
          }
          apply(record, position);
        });
  }

  private void apply(JsonNode record, LineFile.Position position) {
    String flow = record.path("f").textValue();
    switch (record.path("e").textValue()) {
      case "enter" -> {
        forgetInside(flow);
        Slot slot = slots.computeIfAbsent(flow, f -> new Slot());
        slot.entered = position;
        slot.finished = null;
        slot.mapRun = null;
        slot.redriveCount = record.path("r").intValue();
      }
      case "end" -> {
        forgetInside(flow);
        Slot slot = slots.computeIfAbsent(flow, f -> new Slot());
        slot.entered = null;
        slot.finished = position;
      }
      case "map" ->
          slots.computeIfAbsent(flow, f -> new Slot()).mapRun = record.path("m").textValue();
      case "redriven" ->
          slots.computeIfAbsent(flow, f -> new Slot()).redriveCount = record.path("r").intValue();
      case "forget" -> {
        forgetInside(flow);
        slots.remove(flow);
      }
      default -> throw new ExecutionDamaged(file, "line " + number + " is none of a journal's");
    }
  }

  private void forgetInside(String flow) {
    slots.subMap(flow + "/", flow + (char) ('/' + 1)).clear();
  }

  /** A flow has entered a state; what was inside its last state is over. */
  void entered(
      String flow,
      String state,
      JsonNode input,
      Map<String, JsonNode> variables,
      int redriveCount) {
    ObjectNode record = record("enter", flow).put("s", state);
    record.set("i", input);
    if (!variables.isEmpty()) {
      ObjectNode all = record.putObject("v");
      variables.forEach(all::set);
    }
    if (redriveCount > 0) {
      record.put("r", redriveCount);
    }
    write(record);
  }

  /** A branch or an iteration has ended well; its result is needed when all have. */
  void finished(String flow, JsonNode output) {
    ObjectNode record = record("end", flow);
    record.set("o", output);
    write(record);
  }

  /** A flow's Map state has begun a Map Run. */
  void mapRun(String flow, String id) {
    write(record("map", flow).put("m", id));
  }

  void redriven(String flow, int redriveCount) {
    write(record("redriven", flow).put("r", redriveCount));
  }

  /** A flow is done with, and its result is elsewhere. */
  void forget(String flow) {
    write(record("forget", flow));
  }

  private static ObjectNode record(String event, String flow) {
    return JsonNodeFactory.instance.objectNode().put("e", event).put("f", flow);
  }

  private synchronized void write(ObjectNode record) {
    number++;
    apply(record, lines.append(record.put("n", number).toString()));
    if (lines.size() > lookAt) {
      // Adding up what is live takes a while with many flows: look again only when it may pay.
      long worthwhile = 4 * liveBytes();
      if (lines.size() > worthwhile) {
        rewrite();
        worthwhile = 4 * lines.size();
      }
      lookAt = Math.max(SMALL_BYTES, worthwhile);
    }
  }

  private long liveBytes() {
    return slots.values().stream().mapToLong(Slot::bytes).sum();
  }

  /** Replaces the file by one that says the same in fewer lines. */
  synchronized void rewrite() {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    try {
      Files.deleteIfExists(next);
      number = 0;
      try (LineFile fresh = LineFile.open(next)) {
        for (var slot : slots.entrySet()) {
          copy(slot.getKey(), slot.getValue(), fresh);
        }
        fresh.force();
      }
      lines.close();
      Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
      slots.clear();
      lines = LineFile.open(file);
      load();
    } catch (IOException e) {
      throw new UncheckedIOException("the journal cannot be rewritten", e);
    }
  }

  private void copy(String flow, Slot slot, LineFile fresh) {
    LineFile.Position in = slot.entered;
    if (in != null) {
      append(parse(lines.read(in)), fresh);
    }
    LineFile.Position out = slot.finished;
    if (out != null) {
      append(parse(lines.read(out)), fresh);
    }
    String mapRun = slot.mapRun;
    if (mapRun != null) {
      append(record("map", flow).put("m", mapRun), fresh);
    }
    if (slot.redriveCount > 0) {
      append(record("redriven", flow).put("r", slot.redriveCount), fresh);
    }
  }

  private void append(JsonNode record, LineFile fresh) {
    number++;
    fresh.append(((ObjectNode) record).put("n", number).toString());
  }

  synchronized Optional<Entry> entry(String flow) {
    Slot slot = slots.get(flow);
    LineFile.Position position = slot == null ? null : slot.entered;
    if (slot == null || position == null) {
      return Optional.empty();
    }
    JsonNode record = parse(lines.read(position));
    Map<String, JsonNode> variables = new LinkedHashMap<>();
    record.path("v").properties().forEach(e -> variables.put(e.getKey(), e.getValue()));
    return Optional.of(
        new Entry(record.path("s").textValue(), record.get("i"), variables, slot.redriveCount));
  }

  synchronized Optional<JsonNode> output(String flow) {
    Slot slot = slots.get(flow);
    LineFile.Position position = slot == null ? null : slot.finished;
    return position == null ? Optional.empty() : Optional.of(parse(lines.read(position)).get("o"));
  }

  synchronized Optional<String> mapRunOf(String flow) {
    Slot slot = slots.get(flow);
    return slot == null ? Optional.empty() : Optional.ofNullable(slot.mapRun);
  }

  /** The outermost flows that stand somewhere: of a Map Run, its unfinished children. */
  synchronized List<String> flows() {
    List<String> flows = new ArrayList<>();
    slots.keySet().stream().filter(flow -> flow.indexOf('/') < 0).forEach(flows::add);
    return flows;
  }

  synchronized long size() {
    return lines.size();
  }

  synchronized void force() {
    lines.force();
  }

  private static JsonNode parse(String line) {
    try {
      return Json.parse(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the journal holds a broken line", e);
    }
  }

  @Override
  public synchronized void close() {
    lines.close();
  }
}
