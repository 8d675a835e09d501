package dev.godwit.worker.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Action;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.results.BeforeImageFile;
import dev.godwit.run.results.ExportedPart;
import dev.godwit.run.results.RecordName;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.results.ResultsLayout.Kind;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.text.TerminalText;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.WorkerException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * The records of one segment of one run, as files of JSON lines:
 *
 * <pre>
 * runs/RUN/failures/segment-00017/TRY-PAGE-END.jsonl        {"segment":17,"key":{…},"error":"…","message":"…","item":{…}}
 * runs/RUN/deferred/segment-00017.jsonl                     {"segment":17}
 * runs/RUN/deferred-actions/segment-00017/TRY-N-UUID.jsonl  {"put":{"table":"…","item":{…}}} and the like
 * runs/RUN/failed-actions/segment-00017/TRY-DONE.jsonl      {"segment":17,"error":"…","message":"…","action":{…}}
 * runs/RUN/before-images/segment-00017/TRY-N-IMAGES-BEFORE-UUID.jsonl.gz  {"key":{…},"was":{…},"left":{…}}
 * runs/RUN/export/segment-00017/TRY-FROM-TO.jsonl.gz         {"id":{"S":"7"},…}
 * runs/RUN/samples/segment-00017/PAGE.jsonl                 {"key":{…},"before":{…},"after":{…}}
 * </pre>
 *
 * <p>TRY says which try of which slice has written it ({@link RecordName}), PAGE names the cursor
 * that the page starts at, END the one that it ends at, DONE counts the deferred actions before, N
 * the slice's files, IMAGES those in the file, BEFORE those of the segment's earlier slices.
 *
 * <p>A later try overtakes what earlier ones have on record from where it begins on; an invocation
 * that was taken for dead writes over nothing but its own.
 *
 * <p>Deferred actions are never written over those of an earlier try: items that were written in
 * between ask for nothing any more, so what they asked for first must stay. They come before those
 * that a later try asks for, by their files' names, and all of a segment are carried out in that
 * order: what was decided last has the last word.
 *
 * <p>Used by one slice, from one thread.
 */
public final class RunRecords {
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  private final RecordStore store;
  private final SliceRequest slice;
  private final int segment;

  /** Whether an earlier try of this slice may have left records. */
  private boolean mayOvertake;

  private boolean hasDeferred;
  private int imageFiles;
  private int deferredFiles;

  /** The records of what {@code slice} meets. */
  public RunRecords(RecordStore store, SliceRequest slice) {
    this.store = store;
    this.slice = slice;
    this.segment = slice.segment();
    this.mayOvertake = slice.attempt() > 0 || slice.retry() > 0;
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
   * The same, of an item at whose place in the run's target another is.
   *
   * @param targetKey of both there
   * @param otherKey the key that the other was read with, as far as is known
   */
  public FailureRecord failure(
      Item key, String error, String message, Item item, Item targetKey, Optional<Item> otherKey) {
    return new FailureRecord(
        segment, key, error, message, item, Optional.of(targetKey), otherKey, Optional.empty());
  }

  /**
   * Keeps the failures of the page that starts at {@code cursor} and ends at {@code next}. To be
   * told of each page that is done, also of those without failures: from the first one on, nothing
   * counts any more that earlier tries have on record beyond where this slice begins.
   *
   * @param next where the following page starts; absent after the last
   */
  public void keepFailures(
      Optional<Item> cursor, Optional<Item> next, List<FailureRecord> failures) {
    if (slice.checksCanary()) {
      return; // what failed is on record, by the slices that have written
    }
    if (failures.isEmpty()) {
      overtake(Kind.FAILURES);
      return;
    }
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
      write(",\"targetKey\":", failure.targetKey(), out);
      write(",\"otherKey\":", failure.otherKey(), out);
      if (failure.from().isPresent()) {
        ascii(",\"from\":", out);
        text(failure.from().get(), out);
      }
      ascii("}\n", out);
    }
    var end = next.isPresent() ? page(next) : "end";
    write(Kind.FAILURES, page(cursor) + "-" + end, out);
  }

  private static void write(String field, Optional<Item> item, ByteArrayOutputStream out) {
    if (item.isPresent()) {
      ascii(field, out);
      DynamoDbJson.write(item.get(), out);
    }
  }

  /** Writes the file about a part of this slice; from then on this try has the latest word. */
  private void write(Kind kind, String part, ByteArrayOutputStream lines) {
    write(folder(kind) + "/" + RecordName.of(slice, part), lines);
    mayOvertake = false;
  }

  private void overtake(Kind kind) {
    if (mayOvertake) {
      store.write(folder(kind) + "/" + RecordName.begun(slice), new byte[0]);
      mayOvertake = false;
    }
  }

  /**
   * Keeps items as they are, of the page that starts at {@code cursor} and ends at {@code next};
   * also of a page without any. Who reads them goes from page to page ({@link ExportedPart}), so
   * that whatever tries there were, each page is read once.
   */
  public void keepExported(Optional<Item> cursor, Optional<Item> next, List<Item> items) {
    var lines = new ByteArrayOutputStream();
    for (Item item : items) {
      DynamoDbJson.write(item, lines);
      lines.write('\n');
    }
    var name =
        ExportedPart.name(
            slice,
            cursor.map(RunRecords::place).orElse(ExportedPart.START),
            next.map(RunRecords::place).orElse(ExportedPart.END));
    store.write(folder(Kind.EXPORT) + "/" + name, gzipped(lines));
  }

  /** The same for the same place, however its JSON is written. */
  private static String place(Item cursor) {
    var out = new ByteArrayOutputStream();
    for (var attribute : new TreeMap<>(cursor.attributes()).entrySet()) {
      text(attribute.getKey(), out);
      DynamoDbJson.write(attribute.getValue(), out);
    }
    return digest(out.toByteArray());
  }

  /** A deferred action that DynamoDB would not take, and why. */
  public record RefusedAction(Action action, String error, String message) {}

  /** Where the refused deferred actions of this segment are, for people. */
  public String failedActionsAddress() {
    return store.address(folder(Kind.FAILED_ACTIONS));
  }

  /**
   * Keeps refused actions. To be told of all actions that are settled, also when none is refused,
   * as with {@link #keepFailures}.
   *
   * @param from how many deferred actions come before those that they are among
   */
  public void keepActionFailures(long from, List<RefusedAction> refused) {
    if (refused.isEmpty()) {
      overtake(Kind.FAILED_ACTIONS);
      return;
    }
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
    write(Kind.FAILED_ACTIONS, String.format(Locale.ROOT, "%05d", from), out);
  }

  /**
   * A new file for the deferred actions of the next page of this slice: in its place behind those
   * of all earlier pages and tries.
   */
  public String nextDeferredFile() {
    var part = String.format(Locale.ROOT, "%06d-%s", deferredFiles, UUID.randomUUID());
    deferredFiles++;
    return folder(Kind.DEFERRED_ACTIONS) + "/" + RecordName.of(slice, part);
  }

  /**
   * Keeps {@code actions} in {@code file}, in their order, over what it holds. That the segment has
   * any is durable before.
   */
  public void keepDeferred(String file, List<Action> actions) {
    if (!hasDeferred) {
      store.write(
          ResultsLayout.deferred(slice.runId(), segment),
          ("{\"segment\":" + segment + "}\n").getBytes(StandardCharsets.US_ASCII));
      hasDeferred = true;
    }
    var out = new ByteArrayOutputStream();
    for (Action action : actions) {
      write(action, out);
      out.write('\n');
    }
    write(file, out);
  }

  /** Whether what items hold is to be kept before they are written. */
  public boolean keepsBeforeImages() {
    return slice.keepBeforeImages().orElse(false);
  }

  /** Whether they are of a segment of the run's canary. */
  public boolean isOfCanary() {
    return slice.isOfCanary();
  }

  /**
   * Keeps before-images of writes that nobody has begun, in their order and in a file of their own;
   * when this returns, they are durable. A replay keeps its own beside them: those of an earlier
   * try alone know what was there before the writes that it has made.
   *
   * @return how many there are, and what they take
   */
  public Tally keepBeforeImages(List<BeforeImage> images) {
    var name = BeforeImageFile.name(slice, imageFiles, images.size());
    imageFiles++;
    var content = gzipped(images);
    store.write(folder(Kind.BEFORE_IMAGES) + "/" + name, content);
    return sizeOf(images, content);
  }

  /** How many there are, and what they would take. */
  public static Tally sizeOf(List<BeforeImage> images) {
    return sizeOf(images, gzipped(images));
  }

  private static Tally sizeOf(List<BeforeImage> images, byte[] content) {
    return Tally.of(Counter.BEFORE_IMAGES, images.size())
        .plus(Counter.BEFORE_IMAGE_BYTES, content.length);
  }

  private static byte[] gzipped(List<BeforeImage> images) {
    var lines = new ByteArrayOutputStream();
    images.forEach(image -> image.write(lines));
    return gzipped(lines);
  }

  private static byte[] gzipped(ByteArrayOutputStream lines) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new FastGzip(out)) {
      lines.writeTo(gzip);
    } catch (IOException e) {
      throw new UncheckedIOException("Memory does not fail to be written", e);
    }
    return out.toByteArray();
  }

  /** Of its levels the first: before-images are read once, if ever. */
  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(OutputStream out) throws IOException {
      super(out);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  /**
   * The files of before-images that {@code earlierRun} has kept of this segment, the last written
   * first.
   *
   * @throws TableRefused when one is missing
   */
  public List<BeforeImageFile> beforeImageFiles(String earlierRun) {
    var folder = ResultsLayout.folder(earlierRun, Kind.BEFORE_IMAGES, segment) + "/";
    var files = BeforeImageFile.lastFirst(store.list(folder));
    BeforeImageFile.gap(files)
        .ifPresent(
            missing -> {
              throw new TableRefused(
                  "Before-images are gone from "
                      + store.address(folder)
                      + ": "
                      + missing
                      + "; nothing that this slice would take back was touched",
                  new NoSuchElementException(missing));
            });
    return files;
  }

  /**
   * The before-images in {@code file}, in their order.
   *
   * @throws TableRefused when they are damaged
   */
  public List<BeforeImage> beforeImages(BeforeImageFile file) {
    var images = new ArrayList<BeforeImage>();
    try (var gzip = new GZIPInputStream(new ByteArrayInputStream(store.read(file.key())));
        var lines = JSON.readerFor(JsonNode.class).<JsonNode>readValues(gzip)) {
      while (lines.hasNextValue()) {
        images.add(BeforeImage.read(lines.nextValue()));
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof WorkerException unanswered) {
        throw unanswered;
      }
      throw damaged(file, e);
    }
    if (images.size() != file.images()) {
      throw damaged(file, new IOException(images.size() + " lines"));
    }
    return images;
  }

  private TableRefused damaged(BeforeImageFile file, Exception e) {
    return new TableRefused(
        "The before-images in "
            + store.address(file.key())
            + " are damaged; none of them was taken back",
        e);
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
   * The keys of this segment's share of the items that failed in an earlier run and were not
   * migrated by a later try of it, each once.
   *
   * @param earlierRun its run id
   * @param totalSegments how many segments share that run's files
   */
  public List<Item> failedKeys(String earlierRun, int totalSegments) {
    var keys = new LinkedHashSet<Item>();
    failures(earlierRun, totalSegments).forEach(line -> keys.add(item(line.get("key"))));
    return List.copyOf(keys);
  }

  /**
   * An item that failed in an earlier run.
   *
   * @param item as it was then
   * @param from where it was read, where that is not its table
   */
  public record FailedItem(Item item, String error, String message, Optional<String> from) {}

  /**
   * The same share of these items, as they are on record.
   *
   * @param earlierRun its run id
   * @param totalSegments how many segments share that run's files
   */
  public List<FailedItem> failedItems(String earlierRun, int totalSegments) {
    return failures(earlierRun, totalSegments).stream()
        .map(
            line ->
                new FailedItem(
                    item(line.get("item")),
                    line.get("error").textValue(),
                    line.get("message").textValue(),
                    Optional.ofNullable(line.get("from")).map(JsonNode::textValue)))
        .toList();
  }

  private List<JsonNode> failures(String earlierRun, int totalSegments) {
    var files =
        RecordName.thatCount(store.list(ResultsLayout.folder(earlierRun, Kind.FAILURES) + "/"));
    var failures = new ArrayList<JsonNode>();
    for (int i = segment; i < files.size(); i += totalSegments) {
      failures.addAll(lines(files.get(i)));
    }
    return failures;
  }

  /**
   * The files of this segment's deferred actions, in the order in which they were asked for, from
   * the file named {@code first} on.
   *
   * @param first absent for all
   */
  public List<String> deferredFiles(Optional<String> first) {
    var folder = folder(Kind.DEFERRED_ACTIONS) + "/";
    return store.list(folder).stream()
        .sorted()
        .filter(file -> first.isEmpty() || file.compareTo(folder + first.get()) >= 0)
        .toList();
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
    return ResultsLayout.folder(slice.runId(), kind, segment);
  }

  private static String page(Optional<Item> cursor) {
    if (cursor.isEmpty()) {
      return "start";
    }
    return digest(DynamoDbJson.format(cursor.get()).getBytes(StandardCharsets.UTF_8));
  }

  private static String digest(byte[] bytes) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
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
