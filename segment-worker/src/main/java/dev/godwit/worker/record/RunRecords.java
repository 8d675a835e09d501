package dev.godwit.worker.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Action;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.results.ResultsLayout.Kind;
import dev.godwit.run.text.TerminalText;
import dev.godwit.worker.TableRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * The records of one segment of one run, as files of JSON lines:
 *
 * <pre>
 * runs/RUN/failures/segment-00017/PAGE-END.jsonl    {"segment":17,"key":{…},"error":"…","message":"…","item":{…}}
 * runs/RUN/deferred/segment-00017/PAGE-UUID.jsonl   {"put":{"table":"…","item":{…}}} and the like
 * runs/RUN/failed-actions/segment-00017/…           {"segment":17,"error":"…","message":"…","action":{…}}
 * runs/RUN/samples/segment-00017/PAGE.jsonl         {"key":{…},"before":{…},"after":{…}}
 * </pre>
 *
 * <p>PAGE names the cursor that the page starts at, END the one that it ends at. A replayed page
 * writes its failures over those of the first try, if it is the same page: one that starts there
 * and is shorter, of an invocation that was taken for dead, must not write over what lies beyond
 * its end. Deferred actions are always written beside those of earlier tries: items that were
 * written in between ask for nothing any more, so what they asked for first must stay.
 */
public final class RunRecords {
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  private final RecordStore store;
  private final String runId;
  private final int segment;

  public RunRecords(RecordStore store, String runId, int segment) {
    this.store = store;
    this.runId = runId;
    this.segment = segment;
  }

  /** Where the failures of this segment are, for people. */
  public String failuresAddress() {
    return store.address(folder(Kind.FAILURES));
  }

  /** A record of why an item of this segment was not migrated. */
  public FailureRecord failure(Item key, String error, String message, Item item) {
    return new FailureRecord(segment, key, error, message, item);
  }

  /**
   * Keeps the failures of the page that starts at {@code cursor} and ends at {@code next}, over
   * those of an earlier try.
   *
   * @param next where the following page starts; absent after the last
   */
  public void keepFailures(
      Optional<Item> cursor, Optional<Item> next, List<FailureRecord> failures) {
    var out = new ByteArrayOutputStream();
    for (FailureRecord failure : failures) {
      ascii("{\"segment\":" + failure.segment() + ",\"key\":", out);
      DynamoDbJson.write(failure.key(), out);
      ascii(",\"error\":", out);
      text(failure.error(), out);
      ascii(",\"message\":", out);
      text(failure.message(), out);
      ascii(",\"item\":", out);
      DynamoDbJson.write(failure.item(), out);
      ascii("}\n", out);
    }
    var end = next.isPresent() ? page(next) : "end";
    write(folder(Kind.FAILURES) + "/" + page(cursor) + "-" + end + ".jsonl", out);
  }

  /** A deferred action that DynamoDB would not take, and why. */
  public record RefusedAction(Action action, String error, String message) {}

  /** Where the refused deferred actions of this segment are, for people. */
  public String failedActionsAddress() {
    return store.address(folder(Kind.FAILED_ACTIONS));
  }

  /**
   * Keeps refused actions of the file {@code actionsKey}, over those of an earlier try.
   *
   * @param from how many actions of that file come before those that they are among
   */
  public void keepActionFailures(String actionsKey, int from, List<RefusedAction> refused) {
    var out = new ByteArrayOutputStream();
    for (RefusedAction failure : refused) {
      ascii("{\"segment\":" + segment + ",\"error\":", out);
      text(failure.error(), out);
      ascii(",\"message\":", out);
      text(failure.message(), out);
      ascii(",\"action\":", out);
      write(failure.action(), out);
      ascii("}\n", out);
    }
    var name = baseName(actionsKey).replaceFirst("\\.jsonl$", "");
    write(
        folder(Kind.FAILED_ACTIONS) + String.format(Locale.ROOT, "/%s-%05d.jsonl", name, from),
        out);
  }

  /**
   * A new file for the deferred actions of the page at {@code cursor}, beside those of earlier
   * tries.
   */
  public String deferredFile(Optional<Item> cursor) {
    return folder(Kind.DEFERRED) + "/" + page(cursor) + "-" + UUID.randomUUID() + ".jsonl";
  }

  /** Keeps {@code actions} in {@code file}, in their order, over what it holds. */
  public void keepDeferred(String file, List<Action> actions) {
    var out = new ByteArrayOutputStream();
    for (Action action : actions) {
      write(action, out);
      out.write('\n');
    }
    write(file, out);
  }

  /**
   * Keeps samples of changed items, as they are and as they would be; absent where they would be
   * deleted.
   */
  public void keepSamples(Optional<Item> cursor, List<SampleRecord> samples) {
    var out = new ByteArrayOutputStream();
    samples.forEach(sample -> sample.write(out));
    write(folder(Kind.SAMPLES) + "/" + page(cursor) + ".jsonl", out);
  }

  /** Keeps what people may look at with whatever is at hand. */
  private void write(String key, ByteArrayOutputStream lines) {
    store.write(key, TerminalText.ofJson(lines.toByteArray()));
  }

  /**
   * The keys of this segment's share of the items that failed in an earlier run, each once.
   *
   * @param earlierRun its run id
   * @param totalSegments how many segments share that run's files
   */
  public List<Item> failedKeys(String earlierRun, int totalSegments) {
    var files = store.list(ResultsLayout.folder(earlierRun, Kind.FAILURES) + "/");
    var keys = new LinkedHashSet<Item>();
    for (int i = segment; i < files.size(); i += totalSegments) {
      for (JsonNode line : lines(files.get(i))) {
        keys.add(item(line.get("key")));
      }
    }
    return List.copyOf(keys);
  }

  /** The actions in {@code file}, in their order. */
  public List<Action> deferred(String file) {
    var actions = new ArrayList<Action>();
    for (JsonNode line : lines(file)) {
      actions.add(action(line));
    }
    return actions;
  }

  private List<JsonNode> lines(String file) {
    var nodes = new ArrayList<JsonNode>();
    try (var lines = JSON.readerFor(JsonNode.class).<JsonNode>readValues(store.read(file))) {
      lines.forEachRemaining(nodes::add);
    } catch (IOException e) {
      throw new TableRefused("The record " + store.address(file) + " is not JSON lines", e);
    }
    return nodes;
  }

  private static void write(Action action, ByteArrayOutputStream out) {
    ascii("{\"" + verb(action) + "\":{\"table\":", out);
    text(action.table(), out);
    if (action instanceof Action.Put put) {
      ascii(",\"item\":", out);
      DynamoDbJson.write(put.item(), out);
    } else if (action instanceof Action.PutIfAbsent put) {
      ascii(",\"item\":", out);
      DynamoDbJson.write(put.item(), out);
    } else if (action instanceof Action.Update update) {
      ascii(",\"key\":", out);
      DynamoDbJson.write(update.key(), out);
      ascii(",\"set\":", out);
      DynamoDbJson.write(update.attributes(), out);
      ascii(",\"remove\":[", out);
      var separator = "";
      for (String name : update.removed()) {
        ascii(separator, out);
        text(name, out);
        separator = ",";
      }
      ascii("]", out);
    } else if (action instanceof Action.Delete delete) {
      ascii(",\"key\":", out);
      DynamoDbJson.write(delete.key(), out);
    }
    ascii("}}", out);
  }

  private static String verb(Action action) {
    var name = action.getClass().getSimpleName();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static Action action(JsonNode line) {
    var verb = line.fieldNames().next();
    var body = line.get(verb);
    var table = body.get("table").textValue();
    return switch (verb) {
      case "put" -> Action.put(table, item(body.get("item")));
      case "putIfAbsent" -> Action.putIfAbsent(table, item(body.get("item")));
      case "delete" -> Action.delete(table, item(body.get("key")));
      case "update" -> {
        var update = Action.update(table, item(body.get("key")), item(body.get("set")));
        for (JsonNode name : body.get("remove")) {
          update = update.removing(name.textValue());
        }
        yield update;
      }
      default -> throw new IllegalArgumentException("No such action: " + verb);
    };
  }

  private static Item item(JsonNode node) {
    return DynamoDbJson.parse(node.toString());
  }

  private String folder(Kind kind) {
    return ResultsLayout.folder(runId, kind, segment);
  }

  private static String baseName(String key) {
    return key.substring(key.lastIndexOf('/') + 1);
  }

  private static String page(Optional<Item> cursor) {
    if (cursor.isEmpty()) {
      return "start";
    }
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      var bytes = DynamoDbJson.format(cursor.get()).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(digest.digest(bytes), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }

  private static void ascii(String text, ByteArrayOutputStream out) {
    out.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Half of a character, as an exception may quote it, is no text: a question mark stands for it.
   */
  private static void text(String text, ByteArrayOutputStream out) {
    var whole = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    try {
      out.writeBytes(JSON.writeValueAsBytes(whole));
    } catch (IOException e) {
      throw new IllegalStateException("Text is always JSON", e);
    }
  }
}
