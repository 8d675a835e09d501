package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Carries out actions: puts and deletes by BatchWriteItem, puts where nothing is by PartiQL's
 * INSERT, updates by UpdateItem.
 *
 * <p>One by one, puts where nothing is are PutItems with a condition instead, and no PartiQL is
 * used at all.
 */
final class DynamoDbActionWriter implements ActionWriter {
  private final WireDynamoDb dynamoDb;
  private final BatchWrite batch;
  private final StatementBatch statements;
  private final TableKeys tableKeys;
  private final boolean oneByOne;

  /**
   * @param oneByOne whether each put where nothing is has a request of its own, without PartiQL
   */
  DynamoDbActionWriter(WireDynamoDb dynamoDb, TableKeys tableKeys, boolean oneByOne) {
    this.dynamoDb = dynamoDb;
    this.batch = new BatchWrite(dynamoDb);
    this.statements = new StatementBatch(dynamoDb);
    this.tableKeys = tableKeys;
    this.oneByOne = oneByOne;
  }

  @Override
  public int mostPerRequest(Action action) {
    boolean alone =
        action instanceof Action.Update || (oneByOne && action instanceof Action.PutIfAbsent);
    return alone ? 1 : BatchWrite.MOST_WRITES;
  }

  @Override
  public Item target(Action action) {
    var keys = tableKeys.of(action.table());
    if (action instanceof Action.Put put) {
      return put.item().only(keys);
    }
    if (action instanceof Action.PutIfAbsent put) {
      return put.item().only(keys);
    }
    if (action instanceof Action.Update update) {
      return update.key();
    }
    return ((Action.Delete) action).key();
  }

  @Override
  public Answer write(List<Action> actions) {
    var kind = actions.get(0);
    if (kind instanceof Action.PutIfAbsent) {
      return Partition.of(actions, action -> !oneByOne && UpdateStatement.fits(action))
          .write(this::insertBatch, this::insertSingly);
    }
    return kind instanceof Action.Update ? singly(actions) : overwrite(actions);
  }

  @Override
  public Optional<Outcome.Refused> foresee(Action action) {
    return tableKeys.limits(action.table()).ofAction(action);
  }

  private Answer overwrite(List<Action> actions) {
    var writes =
        actions.stream()
            .map(
                action ->
                    action instanceof Action.Put put
                        ? BatchWrite.Write.put(put.table(), target(put), put.item())
                        : BatchWrite.Write.delete(action.table(), target(action)))
            .toList();
    return batch.write(writes, refusal -> singly(actions));
  }

  private Answer insertBatch(List<Action> actions) {
    var inserts = new ArrayList<StatementBatch.Statement>();
    for (Action action : actions) {
      var put = (Action.PutIfAbsent) action;
      inserts.add(
          new StatementBatch.Statement(
              put.table(),
              body -> UpdateStatement.writeInsert(put.table(), put.item(), body),
              false));
    }
    return present(statements.send(inserts, (place, code) -> single(actions.get(place))));
  }

  /** An item that is there already is what a put-if-absent wants. */
  private static Answer present(Answer answer) {
    var outcomes =
        answer.outcomes().stream()
            .map(outcome -> outcome instanceof Outcome.Conflict ? new Outcome.Written() : outcome)
            .toList();
    return new Answer(outcomes, answer.units(), answer.unreported(), answer.throttles());
  }

  private Answer insertSingly(List<Action> actions) {
    return present(singly(actions));
  }

  private Answer singly(List<Action> actions) {
    var answers = new ArrayList<Answer>();
    for (Action action : actions) {
      answers.add(single(action));
    }
    return Answer.joined(answers);
  }

  private Answer single(Action action) {
    var body = new JsonBytes();
    body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",\"TableName\":").text(action.table());
    var expression = new Expression();
    var operation = WireDynamoDb.Operation.PUT_ITEM;
    if (action instanceof Action.Put put) {
      body.raw(",\"Item\":").item(put.item());
    } else if (action instanceof Action.PutIfAbsent put) {
      body.raw(",\"Item\":").item(put.item()).raw(",\"ConditionExpression\":");
      body.text("attribute_not_exists(" + expression.name(tableKeys.of(put.table()).get(0)) + ")");
    } else if (action instanceof Action.Update update) {
      operation = WireDynamoDb.Operation.UPDATE_ITEM;
      body.raw(",\"Key\":").item(update.key());
      var change =
          expression.update(update.attributes(), update.attributes().names(), update.removed());
      if (!change.isEmpty()) { // DynamoDB takes none, but no empty one
        body.raw(",\"UpdateExpression\":").text(change);
      }
    } else {
      operation = WireDynamoDb.Operation.DELETE_ITEM;
      body.raw(",\"Key\":").item(target(action));
    }
    expression.write(body);
    return sent(operation, action, body.raw("}"));
  }

  private Answer sent(WireDynamoDb.Operation operation, Action action, JsonBytes body) {
    try {
      var exchange = dynamoDb.call(operation, action.table(), body.toByteArray());
      return Answer.of(
          new Outcome.Written(), WireJson.consumed(exchange.answer()), exchange.throttles());
    } catch (WireDynamoDb.Refusal e) {
      var outcome = e.outcome(action.table(), "an action");
      return Answer.of(
          Refusals.named(outcome, () -> foresee(action)), OptionalDouble.empty(), e.throttles());
    }
  }
}
