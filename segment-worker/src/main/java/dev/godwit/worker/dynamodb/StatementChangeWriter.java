package dev.godwit.worker.dynamodb;

import dev.godwit.run.Counter;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.time.Duration;
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

  private static final Duration REASON_EVERY = Duration.ofSeconds(1);

  private final StatementBatch batch;
  private final String table;
  private final UpdateStatement statement;
  private final ChangeWriter single;
  private final ChangeWriter once;
  private final Supplier<ItemLimits> limits;
  private final Timer timer;
  private Optional<Long> reasonAskedAt = Optional.empty();

  StatementChangeWriter(
      WireDynamoDb dynamoDb,
      String table,
      List<String> keys,
      ChangeWriter single,
      Supplier<ItemLimits> limits,
      Timer timer) {
    this.batch = new StatementBatch(dynamoDb);
    this.table = table;
    this.statement = new UpdateStatement(table, keys);
    this.single = single;
    this.once = new SingleChangeWriter(dynamoDb.once(), table, keys, limits);
    this.limits = limits;
    this.timer = timer;
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
    return withReason(
        writes, batch.send(statements, (place, code) -> writeAlone(writes.get(place), code)));
  }

  /**
   * A statement that is throttled does not say for what, a request of its own does. So one of those
   * is sent as such, once, at most every second. Its condition is the same; if its fate stays
   * unknown it is busy as before, and when it is sent again its guard tells.
   */
  private Answer withReason(List<PlannedWrite> writes, Answer answer) {
    if (answer.throttles().count(Counter.THROTTLES) == 0) {
      return answer;
    }
    int place = answer.outcomes().indexOf(new Outcome.Busy());
    if (place < 0 || !isTimeToAsk()) {
      return answer;
    }
    try {
      return answer.then(once.write(List.of(writes.get(place))), List.of(place));
    } catch (TableUnavailable e) {
      return answer;
    }
  }

  private synchronized boolean isTimeToAsk() {
    long now = timer.nanos();
    if (reasonAskedAt.filter(at -> now - at < REASON_EVERY.toNanos()).isPresent()) {
      return false;
    }
    reasonAskedAt = Optional.of(now);
    return true;
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
