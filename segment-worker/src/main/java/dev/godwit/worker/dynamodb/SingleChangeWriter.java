package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.core.JsonParser;
import dev.godwit.migration.Item;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.Condition;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Writes one change to a request: UpdateItem, DeleteItem or, for a move, TransactWriteItems. */
final class SingleChangeWriter implements ChangeWriter {
  /** Developer guide, "Quotas in Amazon DynamoDB", expression parameters; read 2026-11-20. */
  private static final int MOST_EXPRESSION_BYTES = 4096;

  private static final int MOST_OPERATORS = 300;

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
    return Partition.joined(answers);
  }

  private Answer write(PlannedWrite write) {
    var expression = new Expression();
    var update =
        write instanceof PlannedWrite.Update changed
            ? expression.update(
                changed.result(), changed.difference().set(), changed.difference().removed())
            : "";
    var condition = condition(write, expression);
    if (Math.max(update.length(), condition.length()) > MOST_EXPRESSION_BYTES
        || operators(write) > MOST_OPERATORS) {
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
    return new Answer(
        List.of(new Outcome.Written()),
        WireJson.consumed(exchange.answer()),
        exchange.throttles(),
        exchange.indexThrottles());
  }

  private Answer refused(PlannedWrite write, WireDynamoDb.Refusal e) {
    var exchange = e.exchange();
    var outcome =
        switch (e.code()) {
          case "ConditionalCheckFailedException" ->
              new Outcome.Conflict(Refused.of(exchange.answer()).item());
          case "TransactionCanceledException" -> cancelled(Refused.of(exchange.answer()).reasons());
          case "TransactionConflictException" -> new Outcome.Busy();
          case "ValidationException", "ItemCollectionSizeLimitExceededException" ->
              new Outcome.Refused(e.code(), e.reason());
          default ->
              throw new TableRefused(
                  "The table "
                      + table
                      + " refused a "
                      + write.getClass().getSimpleName()
                      + " ("
                      + e.code()
                      + "): "
                      + e.reason(),
                  e);
        };
    return new Answer(
        List.of(outcome), OptionalDouble.empty(), exchange.throttles(), exchange.indexThrottles());
  }

  /**
   * Why a move did not happen; the half that deletes is asked first: it knows what has become of
   * the item.
   */
  private static Outcome cancelled(List<Refused> reasons) {
    var put = reasons.get(0);
    var delete = reasons.get(1);
    if (delete.code().equals("ConditionalCheckFailed")) {
      return new Outcome.Conflict(delete.item());
    }
    if (put.code().equals("ConditionalCheckFailed")) {
      return new Outcome.Refused(
          "TargetExists",
          "Another item has the key that this one should be moved to; neither was touched");
    }
    for (Refused reason : reasons) {
      if (reason.code().equals("ValidationError")
          || reason.code().equals("ItemCollectionSizeLimitExceeded")) {
        return new Outcome.Refused(reason.code(), reason.message());
      }
    }
    return new Outcome.Busy();
  }

  private static Answer answered(Outcome outcome) {
    return new Answer(List.of(outcome), OptionalDouble.of(0), 0, 0);
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

  /**
   * What a refusal's body tells beyond its code: of the request, or of one half of a transaction.
   */
  private record Refused(String code, String message, Optional<Item> item, List<Refused> reasons) {
    static Refused of(byte[] body) {
      var read = new Reading();
      WireJson.read(body, (name, value) -> read.field(name, value, body));
      return read.refused();
    }

    private static final class Reading {
      private String code = "";
      private String message = "";
      private Optional<Item> item = Optional.empty();
      private List<Refused> reasons = List.of();

      void field(String name, JsonParser value, byte[] body) throws IOException {
        switch (name) {
          case "Code" -> code = value.getText();
          case "Message" -> message = value.getText();
          case "Item" ->
              item =
                  value.isExpectedStartObjectToken()
                      ? Optional.of(WireJson.item(value, body))
                      : item;
          case "CancellationReasons" ->
              reasons = WireJson.array(value, reason -> reason(reason, body));
          default -> {}
        }
      }

      private static Refused reason(JsonParser value, byte[] body) throws IOException {
        var reading = new Reading();
        WireJson.object(value, (name, content) -> reading.field(name, content, body));
        return reading.refused();
      }

      Refused refused() {
        return new Refused(code, message, item, reasons);
      }
    }
  }
}
