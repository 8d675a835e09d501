package dev.godwit.worker.dynamodb;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.page.Page;
import dev.godwit.worker.page.PageSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reads with Scan or Query, eventually consistent unless it is told otherwise: what a stale read
 * gets wrong, the write's guard finds out.
 */
final class ReadPages implements PageSource {
  private final WireDynamoDb dynamoDb;
  private final Question question;
  private final Pace pace;
  private final Learnt learnt;

  /**
   * @param learnt what reads like these have cost so far
   */
  ReadPages(WireDynamoDb dynamoDb, Question question, Pace pace, Learnt learnt) {
    this.dynamoDb = dynamoDb;
    this.question = question;
    this.pace = pace;
    this.learnt = learnt;
  }

  /** What an item has cost to read, as far as is known. Thread-safe. */
  static final class Learnt {
    private volatile double unitsPerItem = Double.MAX_VALUE;
  }

  @Override
  public Optional<Page> read(Optional<Item> cursor, OptionalInt limit) {
    return pace.acquire(
            limit.isPresent()
                ? Math.min(question.mostUnits(), learnt.unitsPerItem * limit.getAsInt())
                : question.mostUnits())
        .map(permit -> read(cursor, limit, permit));
  }

  private Page read(Optional<Item> cursor, OptionalInt limit, Pacer.Permit permit) {
    double used = 0;
    try {
      var exchange = dynamoDb.call(question.operation(), question.table(), request(cursor, limit));
      if (exchange.throttles().isSomething()) {
        pace.throttled(exchange.throttles());
      }
      var answer = Answered.of(exchange.answer());
      used = answer.units;
      if (answer.examined > 0) {
        learnt.unitsPerItem = answer.units / answer.examined;
      }
      return new Page(
          answer.items, answer.examined, answer.next, answer.units, exchange.throttles());
    } catch (WireDynamoDb.Refusal e) {
      throw question.refused(e);
    } finally {
      permit.used(used);
    }
  }

  private byte[] request(Optional<Item> cursor, OptionalInt limit) {
    var body = new JsonBytes();
    body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\"");
    question.write(body);
    cursor.ifPresent(key -> body.raw(",\"ExclusiveStartKey\":").item(key));
    limit.ifPresent(items -> body.raw(",\"Limit\":" + items));
    return body.raw("}").toByteArray();
  }

  /** What DynamoDB answers. */
  private static final class Answered {
    private List<Item> items = new ArrayList<>();
    private Optional<Item> next = Optional.empty();
    private double units;
    private int examined;

    static Answered of(byte[] body) {
      var answer = new Answered();
      WireJson.read(
          body,
          List.of("Items"),
          (name, value) -> {
            switch (name) {
              case "Items" ->
                  answer.items = WireJson.array(value, item -> WireJson.item(item, body));
              // copied: a slice would keep the whole page in memory with it
              case "LastEvaluatedKey" ->
                  answer.next =
                      Optional.of(
                          DynamoDbJson.parse(DynamoDbJson.format(WireJson.item(value, body))));
              case "ConsumedCapacity" -> answer.units = WireJson.units(value).orElse(0);
              case "ScannedCount" -> answer.examined = value.getIntValue();
              default -> {}
            }
          });
      return answer;
    }
  }
}
