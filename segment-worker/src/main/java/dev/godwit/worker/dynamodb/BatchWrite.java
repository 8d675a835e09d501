package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.core.JsonParser;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** BatchWriteItem: whole items put and deleted without conditions. */
final class BatchWrite {
  /** API reference, BatchWriteItem; read 2026-11-20. */
  static final int MOST_WRITES = 25;

  private final WireDynamoDb dynamoDb;

  BatchWrite(WireDynamoDb dynamoDb) {
    this.dynamoDb = dynamoDb;
  }

  /**
   * A put or a delete.
   *
   * @param key the key attributes of what is written
   * @param item what to put; absent to delete
   */
  record Write(String table, Item key, Optional<Item> item) {
    static Write put(String table, Item key, Item item) {
      return new Write(table, key, Optional.of(item));
    }

    static Write delete(String table, Item key) {
      return new Write(table, key, Optional.empty());
    }

    private void write(JsonBytes body) {
      if (item.isPresent()) {
        body.raw("{\"PutRequest\":{\"Item\":").item(item.get()).raw("}}");
      } else {
        body.raw("{\"DeleteRequest\":{\"Key\":").item(key).raw("}}");
      }
    }
  }

  /**
   * Sends one request. Writes that DynamoDB leaves unprocessed are busy.
   *
   * @param writes no two to one key
   * @param whenRefused what to do when DynamoDB refuses the request for one of its writes
   */
  Answer write(List<Write> writes, Function<WireDynamoDb.Refusal, Answer> whenRefused) {
    var byTable = new LinkedHashMap<String, List<Write>>();
    writes.forEach(
        write -> byTable.computeIfAbsent(write.table, any -> new ArrayList<>()).add(write));
    var body = new JsonBytes();
    body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",\"RequestItems\":{");
    var separator = "";
    for (Map.Entry<String, List<Write>> table : byTable.entrySet()) {
      body.raw(separator).text(table.getKey()).raw(":[");
      for (int i = 0; i < table.getValue().size(); i++) {
        body.raw(i == 0 ? "" : ",");
        table.getValue().get(i).write(body);
      }
      body.raw("]");
      separator = ",";
    }
    try {
      var exchange =
          dynamoDb.call(
              WireDynamoDb.Operation.BATCH_WRITE_ITEM,
              writes.get(0).table,
              body.raw("}}").toByteArray());
      return Answered.of(exchange, writes);
    } catch (WireDynamoDb.Refusal e) {
      return whenRefused.apply(e);
    }
  }

  /** What BatchWriteItem answers. */
  private static final class Answered {
    private final Map<String, List<Item>> unprocessed = new LinkedHashMap<>();
    private Consumed consumed = Consumed.NOTHING;

    static Answer of(Exchange exchange, List<Write> writes) {
      var answered = new Answered();
      var body = exchange.answer();
      WireJson.read(
          body,
          List.of("UnprocessedItems"),
          (name, value) -> {
            switch (name) {
              case "UnprocessedItems" ->
                  WireJson.object(
                      value,
                      (table, left) ->
                          answered.unprocessed.put(
                              table, WireJson.array(left, one -> item(one, body))));
              case "ConsumedCapacity" -> answered.consumed = Consumed.read(value);
              default -> {}
            }
          });
      var outcomes = answered.outcomes(writes);
      var unreported = new ArrayList<Integer>();
      int busy = 0;
      for (int i = 0; i < outcomes.size(); i++) {
        if (outcomes.get(i) instanceof Outcome.Busy) {
          busy++;
        } else if (!answered.consumed.covers(writes.get(i).table)) {
          unreported.add(i);
        }
      }
      return new Answer(
          outcomes,
          answered.consumed.total(),
          unreported,
          exchange.throttles().plus(Counter.THROTTLES, busy));
    }

    /** The item of a PutRequest, or the key of a DeleteRequest. */
    private static Item item(JsonParser request, byte[] body) throws IOException {
      var found = new Item[1];
      WireJson.object(
          request,
          (kind, content) ->
              WireJson.object(content, (itemOrKey, item) -> found[0] = WireJson.item(item, body)));
      return found[0];
    }

    /**
     * Busy for what was left unprocessed. If one of those cannot be told among the writes, all are
     * busy: they say the same when they are written again.
     */
    private List<Outcome> outcomes(List<Write> writes) {
      Map<String, Set<Item>> left = new LinkedHashMap<>();
      unprocessed.forEach((table, items) -> left.put(table, new HashSet<>(items)));
      int expected = left.values().stream().mapToInt(Set::size).sum();
      var outcomes = new ArrayList<Outcome>();
      int busy = 0;
      for (Write write : writes) {
        boolean isLeft =
            left.getOrDefault(write.table, Set.of()).contains(write.item.orElse(write.key));
        busy += isLeft ? 1 : 0;
        outcomes.add(isLeft ? new Outcome.Busy() : new Outcome.Written());
      }
      return busy == expected ? outcomes : Collections.nCopies(writes.size(), new Outcome.Busy());
    }
  }
}
