package dev.godwit.worker.dynamodb;

import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Writes 25 changes to a request, each with its own condition, as PartiQL statements. What a
 * statement cannot hold, what DynamoDB does not understand as one, and what has to be a transaction
 * go through the writer of single changes.
 */
final class StatementChangeWriter implements ChangeWriter {
  /** What a statement is answered with that DynamoDB cannot read, or will not take. */
  private static final String NOT_TAKEN = "ValidationError";

  private final StatementBatch batch;
  private final String table;
  private final UpdateStatement statement;
  private final ChangeWriter single;
  private final Supplier<ItemLimits> limits;

  StatementChangeWriter(
      WireDynamoDb dynamoDb,
      String table,
      List<String> keys,
      ChangeWriter single,
      Supplier<ItemLimits> limits) {
    this.batch = new StatementBatch(dynamoDb);
    this.table = table;
    this.statement = new UpdateStatement(table, keys);
    this.single = single;
    this.limits = limits;
  }

  @Override
  public int mostPerRequest() {
    return StatementBatch.MOST_STATEMENTS;
  }

  @Override
  public Answer write(List<PlannedWrite> writes) {
    return Partition.of(writes, statement::fits).write(this::writeBatch, this::writeSingly);
  }

  @Override
  public Optional<Outcome.Refused> foresee(PlannedWrite write) {
    if (!statement.fits(write)) {
      return single.foresee(write);
    }
    return write instanceof PlannedWrite.Update update
        ? limits.get().ofStatement(update)
        : Optional.empty();
  }

  private Answer writeBatch(List<PlannedWrite> writes) {
    var statements = new ArrayList<StatementBatch.Statement>(writes.size());
    for (PlannedWrite write : writes) {
      statements.add(
          new StatementBatch.Statement(
              table, body -> statement.write(write, body), write instanceof PlannedWrite.Delete));
    }
    return batch.send(statements, (place, code) -> writeAlone(writes.get(place), code));
  }

  /**
   * The condition is the same, so no write slips through. A write that goes through only this way
   * has names that no statement can hold: its like will not be tried again.
   */
  private Answer writeAlone(PlannedWrite write, String code) {
    var answer = single.write(List.of(write));
    if (code.equals(NOT_TAKEN) && !(answer.outcomes().get(0) instanceof Outcome.Refused)) {
      statement.cannotHold(write);
    }
    return answer;
  }

  private Answer writeSingly(List<PlannedWrite> writes) {
    var answers = new ArrayList<Answer>();
    for (PlannedWrite write : writes) {
      answers.add(single.write(List.of(write)));
    }
    return Answer.joined(answers);
  }
}
