package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Backoff;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Reads items by their keys, consistently and in the order of these; those that are gone are left
 * out. Its cursor is a key, as a segment's is: a slice may end after any item of a page.
 */
final class KeyedPages implements PageSource {
  /** API reference, BatchGetItem; read 2026-11-20. */
  private static final int MOST_KEYS = 100;

  /** Of one request. It may have 16 MB in all, which is more. API reference, BatchGetItem. */
  private static final long MOST_BYTES_OF_A_PARTITION = 1024 * 1024;

  private static final long MOST_ITEM_BYTES = 400 * 1024;

  /**
   * What an item costs at most: 400 KB at one unit for 4 KB. Its key does not tell how much of that
   * it does cost; what those before it did is learnt by the pacer.
   */
  private static final double UNITS_PER_ITEM = 100;

  private final WireDynamoDb dynamoDb;
  private final String table;
  private final List<Item> keys;
  private final List<String> keyNames;
  private final Pace pace;
  private final Backoff backoff;

  /** Of all reads by key from this table. */
  private final String kind;

  KeyedPages(WireDynamoDb dynamoDb, String table, List<Item> keys, Pace pace, Timer timer) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.keys = List.copyOf(keys);
    this.keyNames = keys.isEmpty() ? List.of() : List.copyOf(keys.get(0).names());
    this.pace = pace;
    this.kind = "keys of " + table;
    this.backoff = new Backoff(new SplittableRandom(System.nanoTime()), timer);
  }

  /**
   * Reads until it has all items of the page; when time runs out it ends the page before the first
   * that it has not.
   */
  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    int from = cursor.map(this::positionAfter).orElse(0);
    int to = Math.min(keys.size(), from + Math.min(MOST_KEYS, limit.orElse(MOST_KEYS)));
    var wanted = keys.subList(from, to);
    var reading = new Reading(wanted);
    int fruitless = 0;
    boolean hasTime = true;
    while (!reading.open.isEmpty() && hasTime) {
      int before = reading.open.size();
      hasTime = read(reading);
      fruitless = reading.open.size() < before ? 0 : fruitless + 1;
      if (hasTime && !reading.open.isEmpty()) {
        hasTime =
            reading.isHeldUp
                ? backoff.pauseAfter(fruitless + 1, pace.deadline())
                : !pace.deadline().isPast();
      }
    }
    return page(wanted, reading);
  }

  /** The items up to the first that is not read yet; empty if that is the first of all. */
  private Optional<Page> page(List<Item> wanted, Reading reading) {
    var open = new HashSet<>(reading.open);
    int read = 0;
    while (read < wanted.size() && !open.contains(wanted.get(read))) {
      read++;
    }
    if (read == 0 && !wanted.isEmpty()) {
      if (reading.throttles.isSomething()) {
        throw new TableUnavailable(
            "The table "
                + table
                + " left reads unprocessed for as long as the slice had; give it more capacity",
            new IllegalStateException("UnprocessedKeys"));
      }
      return Optional.empty();
    }
    var done = wanted.subList(0, read);
    var items = done.stream().map(reading.found::get).filter(Objects::nonNull).toList();
    boolean isLast = read == 0 || done.get(read - 1).equals(keys.get(keys.size() - 1));
    return Optional.of(
        new Page(
            items,
            items.size(),
            isLast ? Optional.empty() : Optional.of(done.get(read - 1)),
            reading.units,
            reading.throttles));
  }

  /** What has become of the keys of a page so far. */
  private static final class Reading {
    private final Map<Item, Item> found = new HashMap<>();
    private List<Item> open;
    private double units;
    private Tally throttles = Tally.ZERO;
    private boolean isHeldUp;

    Reading(List<Item> wanted) {
      this.open = wanted;
    }
  }

  private int positionAfter(Item key) {
    int position = keys.indexOf(key);
    if (position < 0) {
      throw new TableRefused(
          "The cursor is not among the keys to be read from the table "
              + table
              + "; start this slice without it",
          new IllegalArgumentException("cursor"));
    }
    return position + 1;
  }

  /** Asks once for some of what is open; answers whether there was time to. */
  private boolean read(Reading reading) {
    var asked = reading.open.subList(0, atOnce(reading.open.size()));
    var permit = pace.acquire(kind, UNITS_PER_ITEM * asked.size());
    if (permit.isEmpty()) {
      return false;
    }
    var got = get(asked, permit.get());
    got.items.forEach(item -> reading.found.put(item.only(keyNames), item));
    reading.units += got.units;
    reading.throttles = reading.throttles.plus(got.throttles);
    reading.open =
        Stream.concat(
                got.unprocessed.stream(),
                reading.open.subList(asked.size(), reading.open.size()).stream())
            .toList();
    reading.isHeldUp = !got.unprocessed.isEmpty() && !got.isFull();
    if (reading.isHeldUp) {
      var throttled = Tally.of(Counter.THROTTLES, 1);
      reading.throttles = reading.throttles.plus(throttled);
      pace.throttled(throttled);
    }
    return true;
  }

  /**
   * So few that what they cost more than is expected is a small part of a second's budget, and not
   * just one that is left over: what it costs is less certain than what several do.
   */
  private int atOnce(int open) {
    double most = Math.min(MOST_KEYS, pace.pacer().mostPerRequest(kind) / UNITS_PER_ITEM);
    int requests = (int) Math.ceil(open / Math.max(1, Math.floor(most)));
    return (int) Math.ceil((double) open / requests);
  }

  private Got get(List<Item> wanted, Pacer.Permit permit) {
    var body = new JsonBytes();
    body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",\"RequestItems\":{").text(table);
    body.raw(":{\"ConsistentRead\":true,\"Keys\":[");
    for (int i = 0; i < wanted.size(); i++) {
      body.raw(i == 0 ? "" : ",").item(wanted.get(i));
    }
    body.raw("]}}}");
    var got = new Got();
    try {
      var exchange =
          dynamoDb.call(WireDynamoDb.Operation.BATCH_GET_ITEM, table, body.toByteArray());
      got.throttles = exchange.throttles();
      if (got.throttles.isSomething()) {
        pace.throttled(got.throttles);
      }
      got.read(exchange.answer());
      return got;
    } catch (WireDynamoDb.Refusal e) {
      throw new TableRefused(
          "The table " + table + " refused to be read (" + e.code() + "): " + e.reason(), e);
    } finally {
      permit.used(got.units, 1 - (double) got.unprocessed.size() / wanted.size());
    }
  }

  /** What a BatchGetItem on one table answers. */
  private static final class Got {
    private List<Item> items = List.of();
    private List<Item> unprocessed = List.of();
    private double units;
    private Tally throttles = Tally.ZERO;

    /**
     * Whether the items are so large together that one more might not have fitted: then it is no
     * sign of throttling that some keys are left.
     */
    boolean isFull() {
      return items.stream().mapToLong(Item::sizeBytes).sum()
          > MOST_BYTES_OF_A_PARTITION - MOST_ITEM_BYTES;
    }

    void read(byte[] body) {
      WireJson.read(
          body,
          List.of("Responses", "UnprocessedKeys"),
          (name, value) -> {
            switch (name) {
              case "Responses" ->
                  WireJson.object(
                      value,
                      (table, found) ->
                          items = WireJson.array(found, item -> WireJson.item(item, body)));
              case "UnprocessedKeys" ->
                  WireJson.object(
                      value,
                      (table, left) ->
                          WireJson.object(
                              left,
                              (field, list) -> {
                                if (field.equals("Keys")) {
                                  unprocessed =
                                      WireJson.array(list, key -> WireJson.item(key, body));
                                }
                              }));
              case "ConsumedCapacity" -> units = WireJson.units(value).orElse(0);
              default -> {}
            }
          });
    }
  }
}
