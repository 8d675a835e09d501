package dev.godwit.worker.dynamodb;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads a segment with Scan, eventually consistent: what a stale read gets wrong, the write's guard
 * finds out.
 */
final class SegmentPages implements PageSource {
  /**
   * What the largest page costs: 1 MB at half a unit for 4 KB. API reference, Scan, and developer
   * guide, "DynamoDB provisioned capacity mode"; read 2026-11-20.
   */
  private static final double MOST_UNITS = 128;

  private final WireDynamoDb dynamoDb;
  private final String table;
  private final int segment;
  private final int totalSegments;
  private final Optional<ScanFilter> filter;
  private final Pace pace;
  private volatile double unitsPerItem = MOST_UNITS;

  SegmentPages(
      WireDynamoDb dynamoDb,
      String table,
      int segment,
      int totalSegments,
      Optional<ScanFilter> filter,
      Pace pace) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.segment = segment;
    this.totalSegments = totalSegments;
    this.filter = filter;
    this.pace = pace;
  }

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    return pace.acquire(
            limit.isPresent() ? Math.min(MOST_UNITS, unitsPerItem * limit.getAsInt()) : MOST_UNITS)
        .map(permit -> read(cursor, limit, permit));
  }

  private Page read(Optional<Item> cursor, OptionalInt limit, Pacer.Permit permit) {
    double used = 0;
    try {
      var exchange = dynamoDb.call(WireDynamoDb.Operation.SCAN, table, request(cursor, limit));
      if (exchange.throttles().isSomething()) {
        pace.throttled(exchange.throttles());
      }
      var scanned = Scanned.of(exchange.answer());
      used = scanned.units;
      if (scanned.examined > 0) {
        unitsPerItem = scanned.units / scanned.examined;
      }
      return new Page(
          scanned.items, scanned.examined, scanned.next, scanned.units, exchange.throttles());
    } catch (WireDynamoDb.Refusal e) {
      throw new TableRefused(
          "The table " + table + " refused to be scanned (" + e.code() + "): " + e.reason(), e);
    } finally {
      permit.used(used);
    }
  }

  private byte[] request(Optional<Item> cursor, OptionalInt limit) {
    var body = new JsonBytes();
    body.raw("{\"TableName\":").text(table);
    body.raw(",\"Segment\":" + segment + ",\"TotalSegments\":" + totalSegments);
    body.raw(",\"ReturnConsumedCapacity\":\"TOTAL\"");
    cursor.ifPresent(key -> body.raw(",\"ExclusiveStartKey\":").item(key));
    limit.ifPresent(items -> body.raw(",\"Limit\":" + items));
    filter.ifPresent(wanted -> write(wanted, body));
    return body.raw("}").toByteArray();
  }

  private static void write(ScanFilter filter, JsonBytes body) {
    body.raw(",\"FilterExpression\":").text(filter.expression());
    if (!filter.names().isEmpty()) {
      body.raw(",\"ExpressionAttributeNames\":{");
      var separator = "";
      for (var name : filter.names().entrySet()) {
        body.raw(separator).text(name.getKey()).raw(":").text(name.getValue());
        separator = ",";
      }
      body.raw("}");
    }
    if (!filter.values().isEmpty()) {
      body.raw(",\"ExpressionAttributeValues\":");
      DynamoDbJson.write(Item.of(filter.values()), body);
    }
  }

  /** What a Scan answers. */
  private static final class Scanned {
    private List<Item> items = new ArrayList<>();
    private Optional<Item> next = Optional.empty();
    private double units;
    private int examined;

    static Scanned of(byte[] body) {
      var scanned = new Scanned();
      WireJson.read(
          body,
          List.of("Items"),
          (name, value) -> {
            switch (name) {
              case "Items" ->
                  scanned.items = WireJson.array(value, item -> WireJson.item(item, body));
              // copied: a slice would keep the whole page in memory with it
              case "LastEvaluatedKey" ->
                  scanned.next =
                      Optional.of(
                          DynamoDbJson.parse(DynamoDbJson.format(WireJson.item(value, body))));
              case "ConsumedCapacity" -> scanned.units = WireJson.units(value).orElse(0);
              case "ScannedCount" -> scanned.examined = value.getIntValue();
              default -> {}
            }
          });
      return scanned;
    }
  }
}
