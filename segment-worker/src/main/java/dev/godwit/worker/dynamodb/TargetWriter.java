package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import dev.godwit.migration.Target;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Puts items into a run's target: whatever is there, by BatchWriteItem, 25 to a request; where
 * nothing is, by PartiQL's INSERT, 25 to a request; where nothing is or what is older, by PutItem.
 *
 * <p>An INSERT where something is does not say what is there. So it is asked for once more, alone,
 * as a PutItem under the same condition: that answers with the item.
 */
final class TargetWriter implements ChangeWriter {
  private final WireDynamoDb dynamoDb;
  private final BatchWrite batch;
  private final StatementBatch statements;
  private final String table;
  private final List<String> keys;
  private final Target.Put put;
  private final ItemLimits limits;
  private final boolean oneByOne;

  /**
   * @param keys the target's key attributes, partition key first
   * @param oneByOne whether each put that has a condition has a request of its own, without PartiQL
   */
  TargetWriter(
      WireDynamoDb dynamoDb,
      String table,
      List<String> keys,
      Target.Put put,
      ItemLimits limits,
      boolean oneByOne) {
    this.dynamoDb = dynamoDb;
    this.batch = new BatchWrite(dynamoDb);
    this.statements = new StatementBatch(dynamoDb);
    this.table = table;
    this.keys = keys;
    this.put = put;
    this.limits = limits;
    this.oneByOne = oneByOne;
  }

  @Override
  public int mostPerRequest() {
    if (put instanceof Target.Put.Always) {
      return BatchWrite.MOST_WRITES;
    }
    return put instanceof Target.Put.IfAbsent && !oneByOne ? StatementBatch.MOST_STATEMENTS : 1;
  }

  @Override
  public Answer write(List<PlannedWrite> writes) {
    if (put instanceof Target.Put.Always) {
      return overwrite(writes);
    }
    return Partition.of(
            writes,
            write ->
                put instanceof Target.Put.IfAbsent
                    && !oneByOne
                    && UpdateStatement.fitsInsert(table, item(write)))
        .write(this::insert, this::singly);
  }

  @Override
  public Optional<Outcome.Refused> foresee(PlannedWrite write) {
    return limits.ofPut(item(write));
  }

  private static Item item(PlannedWrite write) {
    return ((PlannedWrite.Copy) write).result();
  }

  /** One write spoils the request for all: then each has one of its own. */
  private Answer overwrite(List<PlannedWrite> writes) {
    var puts =
        writes.stream()
            .map(write -> BatchWrite.Write.put(table, item(write).only(keys), item(write)))
            .toList();
    return batch.write(
        puts,
        refusal -> {
          var answers = new ArrayList<Answer>();
          answers.add(new Answer(List.of(), 0, List.of(), refusal.throttles()));
          answers.add(singly(writes));
          return Answer.joined(answers);
        });
  }

  private Answer insert(List<PlannedWrite> writes) {
    var inserts = new ArrayList<StatementBatch.Statement>(writes.size());
    for (PlannedWrite write : writes) {
      inserts.add(
          new StatementBatch.Statement(
              table, body -> UpdateStatement.writeInsert(table, item(write), body), false));
    }
    var answer = statements.send(inserts, (place, code) -> single(writes.get(place)));
    for (int place = 0; place < writes.size(); place++) {
      if (answer.outcomes().get(place) instanceof Outcome.Conflict conflict
          && conflict.current().filter(Item::isReadable).isEmpty()) {
        answer = answer.then(single(writes.get(place)), List.of(place));
      }
    }
    return answer;
  }

  private Answer singly(List<PlannedWrite> writes) {
    var answers = new ArrayList<Answer>();
    for (PlannedWrite write : writes) {
      answers.add(single(write));
    }
    return Answer.joined(answers);
  }

  private Answer single(PlannedWrite write) {
    var expression = new Expression();
    var body = new JsonBytes();
    body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",\"TableName\":").text(table);
    body.raw(",\"Item\":").item(item(write));
    if (!(put instanceof Target.Put.Always)) {
      body.raw(",\"ConditionExpression\":").text(condition(item(write), expression));
      body.raw(",\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"");
    }
    expression.write(body);
    try {
      var exchange =
          dynamoDb.call(WireDynamoDb.Operation.PUT_ITEM, table, body.raw("}").toByteArray());
      return Answer.of(
          new Outcome.Written(), WireJson.consumed(exchange.answer()), exchange.throttles());
    } catch (WireDynamoDb.Refusal e) {
      return Answer.of(
          Refusals.named(e.outcome(table, "a Put"), () -> foresee(write)),
          OptionalDouble.empty(),
          e.throttles());
    }
  }

  /** What is there and has no age, or one of another type, is not less than any. */
  private String condition(Item item, Expression expression) {
    var absent = "attribute_not_exists(" + expression.name(keys.get(0)) + ")";
    return put instanceof Target.Put.ReplaceOlder older
        ? absent
            + " OR "
            + expression.name(older.attribute())
            + "<"
            + expression.value(item, older.attribute())
        : absent;
  }
}
