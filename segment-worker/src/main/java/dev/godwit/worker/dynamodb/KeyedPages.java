package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Backoff;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SplittableRandom;

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

  /** In a row, without a single item. */
  private static final int MOST_TRIES = 10;

  /**
   * What an item costs at most: 400 KB at one unit for 4 KB. Corrected by what reads really cost.
   */
  private static final double UNITS_PER_ITEM = 100;

  private final WireDynamoDb dynamoDb;
  private final String table;
  private final List<Item> keys;
  private final List<String> keyNames;
  private final Pacer pacer;
  private final Backoff backoff =
      new Backoff(new SplittableRandom(System.nanoTime()), Timer.SYSTEM);

  KeyedPages(WireDynamoDb dynamoDb, String table, List<Item> keys, Pacer pacer) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.keys = List.copyOf(keys);
    this.keyNames = keys.isEmpty() ? List.of() : List.copyOf(keys.get(0).names());
    this.pacer = pacer;
  }

  @Override
  public Page read(Optional<Item> cursor, OptionalInt limit) {
    int from = cursor.map(this::positionAfter).orElse(0);
    int to = Math.min(keys.size(), from + Math.min(MOST_KEYS, limit.orElse(MOST_KEYS)));
    var found = new HashMap<Item, Item>();
    double units = 0;
    var throttles = Tally.ZERO;
    var wanted = keys.subList(from, to);
    var open = wanted;
    int fruitless = 0;
    while (!open.isEmpty()) {
      var got = get(open);
      got.items.forEach(item -> found.put(item.only(keyNames), item));
      units += got.units;
      throttles = throttles.plus(got.throttles);
      fruitless = got.unprocessed.size() < open.size() ? 0 : fruitless + 1;
      open = got.unprocessed;
      if (!open.isEmpty() && !got.isFull()) {
        pacer.throttled();
        throttles = throttles.plus(Counter.THROTTLES, 1);
        if (fruitless == MOST_TRIES) {
          throw new TableUnavailable(
              "The table "
                  + table
                  + " left reads unprocessed "
                  + MOST_TRIES
                  + " times in a row; give it more capacity",
              new IllegalStateException("UnprocessedKeys"));
        }
        backoff.pauseAfter(fruitless + 1);
      }
    }
    var items = wanted.stream().map(found::get).filter(Objects::nonNull).toList();
    var next = to < keys.size() ? Optional.of(keys.get(to - 1)) : Optional.<Item>empty();
    return new Page(items, items.size(), next, units, throttles);
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

  private Got get(List<Item> wanted) {
    var body = new JsonBytes();
    body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",\"RequestItems\":{").text(table);
    body.raw(":{\"ConsistentRead\":true,\"Keys\":[");
    for (int i = 0; i < wanted.size(); i++) {
      body.raw(i == 0 ? "" : ",").item(wanted.get(i));
    }
    body.raw("]}}}");
    var permit = pacer.acquire(UNITS_PER_ITEM * wanted.size());
    var got = new Got();
    try {
      var exchange =
          dynamoDb.call(WireDynamoDb.Operation.BATCH_GET_ITEM, table, body.toByteArray());
      got.throttles = exchange.throttles();
      if (got.throttles.isSomething()) {
        pacer.throttled();
      }
      got.read(exchange.answer());
      return got;
    } catch (WireDynamoDb.Refusal e) {
      throw new TableRefused(
          "The table " + table + " refused to be read (" + e.code() + "): " + e.reason(), e);
    } finally {
      permit.used(got.units);
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
