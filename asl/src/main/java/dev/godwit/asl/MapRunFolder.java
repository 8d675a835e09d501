package dev.godwit.asl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Iterator;
import java.util.Optional;

/**
 * What a Map Run keeps on disk while it runs: its items, where its children stand, and what those
 * that ended have left. Nothing of it is kept in memory for longer than a child runs.
 */
final class MapRunFolder implements Closeable {
  private final Path folder;
  private final Journal journal;
  private final LineFile succeeded;
  private final LineFile failed;

  /** What a Map Run is started with, and keeps for all its redrives. */
  record Settings(
      int total,
      int maxConcurrency,
      Optional<Integer> toleratedCount,
      Optional<Integer> toleratedPercentage,
      Optional<JsonNode> writer,
      String source) {

    JsonNode json() {
      ObjectNode node = JsonNodeFactory.instance.objectNode();
      node.put("total", total).put("maxConcurrency", maxConcurrency).put("source", source);
      toleratedCount.ifPresent(n -> node.put("toleratedCount", n));
      toleratedPercentage.ifPresent(n -> node.put("toleratedPercentage", n));
      writer.ifPresent(n -> node.set("writer", n));
      return node;
    }

    static Settings of(JsonNode node) {
      return new Settings(
          node.get("total").intValue(),
          node.get("maxConcurrency").intValue(),
          Optional.ofNullable(node.get("toleratedCount")).map(JsonNode::intValue),
          Optional.ofNullable(node.get("toleratedPercentage")).map(JsonNode::intValue),
          Optional.ofNullable(node.get("writer")),
          node.get("source").textValue());
    }
  }

  private MapRunFolder(Path folder) {
    this.folder = folder;
    this.journal = Journal.open(folder.resolve("journal.jsonl"));
    this.succeeded = LineFile.open(folder.resolve("succeeded.jsonl"));
    this.failed = LineFile.open(folder.resolve("failed.jsonl"));
  }

  static MapRunFolder open(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new MapRunFolder(folder);
  }

  Journal journal() {
    return journal;
  }

  void writeItems(Iterator<MapItem> items) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(itemsFile())) {
      while (items.hasNext()) {
        MapItem item = items.next();
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        item.key().ifPresent(key -> line.put("k", key));
        line.set("v", item.value());
        writer.write(line.toString());
        writer.write('\n');
      }
    }
  }

  private Path itemsFile() {
    return folder.resolve("items.jsonl");
  }

  void writeSettings(Settings settings) {
    try {
      Files.write(folder.resolve("settings.json"), Json.bytes(settings.json()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Settings readSettings() {
    try {
      return Settings.of(Json.parse(Files.readString(folder.resolve("settings.json"))));
    } catch (JsonProcessingException | CharacterCodingException | NullPointerException e) {
      throw new ExecutionDamaged(folder.resolve("settings.json"), "it is not what was written", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Items items() {
    try {
      return new Items(Files.newBufferedReader(itemsFile(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the items from the first to the last. */
  static final class Items implements Closeable {
    private final BufferedReader reader;
    private int next;

    private Items(BufferedReader reader) {
      this.reader = reader;
    }

    Optional<MapItem> next() {
      try {
        String line = reader.readLine();
        if (line == null) {
          return Optional.empty();
        }
        JsonNode node = Json.parse(line);
        return Optional.of(
            new MapItem(
                next++,
                Optional.ofNullable(node.get("k")).map(JsonNode::textValue),
                node.get("v")));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      try {
        reader.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  void succeeded(int index, ObjectNode record) {
    succeeded.append(line(index, record));
    // A crash between these two lines leaves a child that is both: the record counts.
    journal.forget(String.valueOf(index));
  }

  void failed(int index, ObjectNode record) {
    failed.append(line(index, record));
  }

  private static String line(int index, ObjectNode record) {
    ObjectNode line = JsonNodeFactory.instance.objectNode().put("n", index);
    line.set("r", record);
    return line.toString();
  }

  BitSet succeededIndexes() {
    BitSet indexes = new BitSet();
    forEachSucceeded((index, record) -> indexes.set(index));
    return indexes;
  }

  void forEachSucceeded(RecordConsumer consumer) {
    forEachRecord("succeeded.jsonl", consumer);
  }

  void forEachFailed(RecordConsumer consumer) {
    forEachRecord("failed.jsonl", consumer);
  }

  private void forEachRecord(String file, RecordConsumer consumer) {
    Path path = folder.resolve(file);
    long[] number = {0};
    LineFile.forEach(
        path,
        (line, position) -> {
          JsonNode node = LineFile.parse(path, ++number[0], line);
          if (!node.has("n") || !node.has("r")) {
            throw new ExecutionDamaged(path, "line " + number[0] + " is none of a Map Run's");
          }
          consumer.accept(node.get("n").intValue(), node.get("r"));
        });
  }

  /**
   * Reads all of it.
   *
   * @throws ExecutionDamaged if something is missing that no crash takes
   */
  static void check(Path folder) {
    if (!Files.exists(folder.resolve("settings.json"))) {
      return; // a crash came before all of it was written, and nobody knows of it
    }
    try (MapRunFolder all = new MapRunFolder(folder)) {
      int total = all.readSettings().total();
      long[] items = {0};
      LineFile.forEach(
          all.itemsFile(), (line, at) -> LineFile.parse(all.itemsFile(), ++items[0], line));
      if (items[0] != total) {
        throw new ExecutionDamaged(
            all.itemsFile(), "it has " + items[0] + " lines, and should have " + total);
      }
      all.succeededIndexes();
      all.forEachFailed((index, record) -> {});
    }
  }

  /** Before a redrive: the children that failed are to end anew. */
  void forgetFailed() {
    failed.clear();
  }

  /** Takes what a child that ended has left. */
  @FunctionalInterface
  interface RecordConsumer {
    void accept(int index, JsonNode record) throws IOException;
  }

  @Override
  public void close() {
    journal.close();
    succeeded.close();
    failed.close();
  }
}
