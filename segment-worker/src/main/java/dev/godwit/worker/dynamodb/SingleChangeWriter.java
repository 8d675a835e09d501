package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;

/**
 * Writes one change to a request: UpdateItem, DeleteItem, PutItem or, for a move,
 * TransactWriteItems.
 */
final class SingleChangeWriter implements ChangeWriter {
  private final WireDynamoDb dynamoDb;
  private final String table;
  private final List<String> keys;
  private final Supplier<ItemLimits> limits;

  /**
   * @param limits the table's; asked for only when they are needed
   */
  SingleChangeWriter(
      WireDynamoDb dynamoDb, String table, List<String> keys, Supplier<ItemLimits> limits) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.keys = keys;
    this.limits = limits;
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

  @Override
  public Optional<Outcome.Refused> foresee(PlannedWrite write) {
    return Plan.of(write, keys).tooWide().or(() -> ofItem(write, limits.get()));
  }

  private static Optional<Outcome.Refused> ofItem(PlannedWrite write, ItemLimits limits) {
    if (write instanceof PlannedWrite.Update update) {
      return limits.ofUpdateItem(update);
    }
    if (write instanceof PlannedWrite.Put put) {
      return limits.ofPut(put.result());
    }
    return write instanceof PlannedWrite.Move move ? limits.ofPut(move.result()) : Optional.empty();
  }

  private Answer write(PlannedWrite write) {
    var plan = Plan.of(write, keys);
    var tooWide = plan.tooWide();
    if (tooWide.isPresent()) {
      return Answer.of(tooWide.get(), OptionalDouble.of(0), Tally.ZERO);
    }
    try {
      return send(plan);
    } catch (WireDynamoDb.Refusal e) {
      return refused(write, e);
    }
  }

  private Answer send(Plan plan) throws WireDynamoDb.Refusal {
    var body = new JsonBytes();
    if (plan.write() instanceof PlannedWrite.Put put) {
      body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",");
      writePut(put.result(), body);
      return sent(WireDynamoDb.Operation.PUT_ITEM, body.raw("}"));
    }
    if (plan.write() instanceof PlannedWrite.Move move) {
      body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",\"TransactItems\":[{\"Put\":{");
      writePut(move.result(), body);
      body.raw("}},{\"Delete\":");
      writeKeyed(plan, body);
      return sent(WireDynamoDb.Operation.TRANSACT_WRITE_ITEMS, body.raw("}]}"));
    }
    writeKeyed(plan, body);
    return sent(
        plan.write() instanceof PlannedWrite.Update
            ? WireDynamoDb.Operation.UPDATE_ITEM
            : WireDynamoDb.Operation.DELETE_ITEM,
        body);
  }

  /** The members of a put where nothing is. */
  private void writePut(Item item, JsonBytes body) {
    body.raw("\"TableName\":").text(table);
    body.raw(",\"Item\":").item(item);
    body.raw(
        ",\"ConditionExpression\":\"attribute_not_exists(#0)\",\"ExpressionAttributeNames\":{\"#0\":");
    body.text(keys.get(0)).raw("},\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"");
  }

  private void writeKeyed(Plan plan, JsonBytes body) {
    body.raw("{\"TableName\":").text(table);
    body.raw(",\"Key\":").item(plan.write().scanned().only(keys));
    if (!plan.update().isEmpty()) {
      body.raw(",\"UpdateExpression\":").text(plan.update());
    }
    body.raw(",\"ConditionExpression\":").text(plan.condition());
    body.raw(",\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"");
    if (!(plan.write() instanceof PlannedWrite.Move)) {
      body.raw(",\"ReturnConsumedCapacity\":\"TOTAL\"");
    }
    plan.expression().write(body);
    body.raw("}");
  }

  private Answer sent(WireDynamoDb.Operation operation, JsonBytes body)
      throws WireDynamoDb.Refusal {
    var exchange = dynamoDb.call(operation, table, body.toByteArray());
    return Answer.of(
        new Outcome.Written(), WireJson.consumed(exchange.answer()), exchange.throttles());
  }

  private Answer refused(PlannedWrite write, WireDynamoDb.Refusal e) {
    var throttles = e.throttles();
    if (e.code().equals("TransactionCanceledException")) {
      for (RefusalBody.Cancellation part : e.cancellations()) {
        var by = Throttling.by(part.code());
        throttles = by.isPresent() ? throttles.plus(by.get(), 1) : throttles;
      }
      return Answer.of(
          named(write, cancelled(e.cancellations())), OptionalDouble.empty(), throttles);
    }
    var outcome = e.outcome(table, "a " + write.getClass().getSimpleName());
    return Answer.of(named(write, outcome), OptionalDouble.empty(), throttles);
  }

  private Outcome named(PlannedWrite write, Outcome outcome) {
    return Refusals.named(outcome, () -> ofItem(write, limits.get()));
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
      return Outcome.Refused.targetExists();
    }
    for (RefusalBody.Cancellation part : parts) {
      switch (part.code()) {
        case "ValidationError" -> {
          return new Outcome.Refused(Refusals.INVALID, part.message());
        }
        case "ItemCollectionSizeLimitExceeded" -> {
          return new Outcome.Refused("ItemCollectionSizeLimitExceededException", part.message());
        }
        default -> {}
      }
    }
    return new Outcome.Busy();
  }
}
