package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes 25 changes to a request, each with its own condition, as PartiQL statements. What a
 * statement cannot hold, and what has to be a transaction, goes through the writer of single
 * changes.
 */
final class StatementChangeWriter implements ChangeWriter {
  /** API reference, BatchExecuteStatement, Statements; read 2026-11-20. */
  static final int MOST_STATEMENTS = 25;

  private final WireDynamoDb dynamoDb;
  private final String table;
  private final UpdateStatement statement;
  private final ChangeWriter single;

  StatementChangeWriter(
      WireDynamoDb dynamoDb, String table, List<String> keys, ChangeWriter single) {
    this.dynamoDb = dynamoDb;
    this.table = table;
    this.statement = new UpdateStatement(table, keys);
    this.single = single;
  }

  @Override
  public int mostPerRequest() {
    return MOST_STATEMENTS;
  }

  @Override
  public Answer write(List<PlannedWrite> writes) {
    return Partition.of(writes, statement::fits).write(this::writeBatch, this::writeSingly);
  }

  private Answer writeBatch(List<PlannedWrite> writes) {
    var body = new JsonBytes();
    body.raw("{\"ReturnConsumedCapacity\":\"TOTAL\",\"Statements\":[");
    for (int i = 0; i < writes.size(); i++) {
      body.raw(i == 0 ? "" : ",");
      statement.write(writes.get(i), body);
    }
    body.raw("]}");
    try {
      return readable(
          writes,
          StatementAnswer.of(
              dynamoDb.call(
                  WireDynamoDb.Operation.BATCH_EXECUTE_STATEMENT, table, body.toByteArray())));
    } catch (WireDynamoDb.Refusal e) {
      return writeSingly(
          writes); // one statement spoils the request for all: let each answer for itself
    }
  }

  /**
   * Writes again, one by one, what was refused with a current item that cannot be read: DynamoDB
   * Local 3.3.1 leaves the type out of empty maps within maps there. The condition is the same, so
   * no write slips through.
   */
  private Answer readable(List<PlannedWrite> writes, Answer answer) {
    var outcomes = new ArrayList<>(answer.outcomes());
    for (int i = 0; i < outcomes.size(); i++) {
      if (outcomes.get(i) instanceof Outcome.Conflict conflict
          && !conflict.current().map(Item::isReadable).orElse(true)) {
        outcomes.set(i, single.write(List.of(writes.get(i))).outcomes().get(0));
      }
    }
    return new Answer(outcomes, answer.units(), answer.throttles(), answer.indexThrottles());
  }

  private Answer writeSingly(List<PlannedWrite> writes) {
    var answers = new ArrayList<Answer>();
    for (PlannedWrite write : writes) {
      answers.add(single.write(List.of(write)));
    }
    return Partition.joined(answers);
  }
}
