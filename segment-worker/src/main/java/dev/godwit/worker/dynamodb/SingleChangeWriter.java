package dev.godwit.worker.dynamodb;

import dev.godwit.run.Tally;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.Condition;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** Writes one change to a request: UpdateItem, DeleteItem or, for a move, TransactWriteItems. */
final class SingleChangeWriter implements ChangeWriter {
  private final WireDynamoDb dynamoDb;
  private final String table;
  private final List<String> keys;

  SingleChangeWriter(WireDynamoDb dynamoDb, String table, List<String> keys) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.keys = keys;
  }

  @Override
  public int mostPerRequest() {
    return 1;
  }

  @Override
  public Answer write(List<PlannedWrite> writes) {
    var answers = new ArrayList<Answer>();
    for (PlannedWrite write : writes) {
      answers.add(write(write));
    }
    return Answer.joined(answers);
  }

  private Answer write(PlannedWrite write) {
    var expression = new Expression();
    var update =
        write instanceof PlannedWrite.Update changed
            ? expression.update(
                changed.result(), changed.difference().set(), changed.difference().removed())
            : "";
    var condition = condition(write, expression);
    if (Math.max(update.length(), condition.length()) > Expression.MOST_BYTES
        || operators(write) > Expression.MOST_OPERATORS) {
      return answered(
          new Outcome.Refused(
              "GuardTooLarge",
              "The change and its guard name more attributes than one DynamoDB expression can hold; let the transform"
                  + " read and change fewer, or use a version guard"));
    }
    try {
      return send(write, update, condition, expression);
    } catch (WireDynamoDb.Refusal e) {
      return refused(write, e);
    }
  }

  private Answer send(PlannedWrite write, String update, String condition, Expression expression)
      throws WireDynamoDb.Refusal {
    var body = new JsonBytes();
    if (write instanceof PlannedWrite.Move move) {
      body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",\"TransactItems\":[{\"Put\":{\"TableName\":")
          .text(table);
      body.raw(",\"Item\":").item(move.result());
      body.raw(
          ",\"ConditionExpression\":\"attribute_not_exists(#0)\",\"ExpressionAttributeNames\":{\"#0\":");
      body.text(keys.get(0))
          .raw("},\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}},{\"Delete\":");
      writeKeyed(move, update, condition, expression, body);
      return sent(WireDynamoDb.Operation.TRANSACT_WRITE_ITEMS, body.raw("}]}"));
    }
    writeKeyed(write, update, condition, expression, body);
    return sent(
        write instanceof PlannedWrite.Update
            ? WireDynamoDb.Operation.UPDATE_ITEM
            : WireDynamoDb.Operation.DELETE_ITEM,
        body);
  }

  private void writeKeyed(
      PlannedWrite write, String update, String condition, Expression expression, JsonBytes body) {
    body.raw("{\"TableName\":").text(table).raw(",\"Key\":").item(write.scanned().only(keys));
    if (!update.isEmpty()) {
      body.raw(",\"UpdateExpression\":").text(update);
    }
    body.raw(",\"ConditionExpression\":").text(condition);
    body.raw(",\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"");
    if (!(write instanceof PlannedWrite.Move)) {
      body.raw(",\"ReturnConsumedCapacity\":\"TOTAL\"");
    }
    expression.write(body);
    body.raw("}");
  }

  private Answer sent(WireDynamoDb.Operation operation, JsonBytes body)
      throws WireDynamoDb.Refusal {
    var exchange = dynamoDb.call(operation, table, body.toByteArray());
    return Answer.of(
        new Outcome.Written(), WireJson.consumed(exchange.answer()), exchange.throttles());
  }

  private Answer refused(PlannedWrite write, WireDynamoDb.Refusal e) {
    var throttles = e.exchange().throttles();
    if (e.code().equals("TransactionCanceledException")) {
      for (RefusalBody.Cancellation part : e.cancellations()) {
        var by = Throttling.by(part.code());
        throttles = by.isPresent() ? throttles.plus(by.get(), 1) : throttles;
      }
      return Answer.of(cancelled(e.cancellations()), OptionalDouble.empty(), throttles);
    }
    return Answer.of(
        e.outcome(table, "a " + write.getClass().getSimpleName()),
        OptionalDouble.empty(),
        throttles);
  }

  /**
   * Why a move did not happen; the half that deletes is asked first: it knows what has become of
   * the item. A cancellation that gives no reason it can be sent again for.
   */
  private static Outcome cancelled(List<RefusalBody.Cancellation> parts) {
    if (parts.size() != 2) {
      return new Outcome.Busy();
    }
    var put = parts.get(0);
    var delete = parts.get(1);
    if (delete.code().equals("ConditionalCheckFailed")) {
      return new Outcome.Conflict(delete.item());
    }
    if (put.code().equals("ConditionalCheckFailed")) {
      return new Outcome.Refused(
          "TargetExists",
          "Another item has the key that this one should be moved to; neither was touched");
    }
    for (RefusalBody.Cancellation part : parts) {
      switch (part.code()) {
        case "ValidationError" -> {
          return new Outcome.Refused("ValidationException", part.message());
        }
        case "ItemCollectionSizeLimitExceeded" -> {
          return new Outcome.Refused("ItemCollectionSizeLimitExceededException", part.message());
        }
        default -> {}
      }
    }
    return new Outcome.Busy();
  }

  private static Answer answered(Outcome outcome) {
    return Answer.of(outcome, OptionalDouble.of(0), Tally.ZERO);
  }

  private String condition(PlannedWrite write, Expression expression) {
    var text = new StringBuilder("attribute_exists(" + expression.name(keys.get(0)) + ")");
    Condition condition = write.condition();
    for (String name : condition.unchanged()) {
      text.append(" AND ")
          .append(expression.name(name))
          .append('=')
          .append(expression.value(write.scanned(), name));
    }
    for (String name : condition.absent()) {
      text.append(" AND attribute_not_exists(").append(expression.name(name)).append(')');
    }
    return text.toString();
  }

  private static int operators(PlannedWrite write) {
    var condition = write.condition();
    return 1 + 2 * condition.unchanged().size() + 2 * condition.absent().size();
  }
}
