package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
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
 * Writes 25 whole items to a request, unguarded: for tables that nobody else writes to. A move and
 * a put still go through the writer of single changes: they must not fall on another item.
 */
final class PlainChangeWriter implements ChangeWriter {
  private final BatchWrite batch;
  private final String table;
  private final List<String> keys;
  private final ChangeWriter single;
  private final Supplier<ItemLimits> limits;

  PlainChangeWriter(
      WireDynamoDb dynamoDb,
      String table,
      List<String> keys,
      ChangeWriter single,
      Supplier<ItemLimits> limits) {
    this.batch = new BatchWrite(dynamoDb);
    this.table = table;
    this.keys = keys;
    this.single = single;
    this.limits = limits;
  }

  @Override
  public int mostPerRequest() {
    return BatchWrite.MOST_WRITES;
  }

  @Override
  public Answer write(List<PlannedWrite> writes) {
    return Partition.of(writes, write -> !needsItsPlaceFree(write))
        .write(this::writeBatch, single::write);
  }

  @Override
  public Optional<Outcome.Refused> foresee(PlannedWrite write) {
    return needsItsPlaceFree(write) ? single.foresee(write) : ofItem(write);
  }

  private static boolean needsItsPlaceFree(PlannedWrite write) {
    return write instanceof PlannedWrite.Move || write instanceof PlannedWrite.Put;
  }

  private Optional<Outcome.Refused> ofItem(PlannedWrite write) {
    return write instanceof PlannedWrite.Update update
        ? limits.get().ofPut(update.result())
        : Optional.empty();
  }

  private Answer writeBatch(List<PlannedWrite> writes) {
    return batch.write(
        writes.stream().map(this::plain).toList(), refusal -> refused(writes, refusal));
  }

  /** One write spoils the request for all: let each answer for itself. */
  private Answer refused(List<PlannedWrite> writes, WireDynamoDb.Refusal refusal) {
    var throttles = refusal.throttles();
    if (writes.size() == 1) {
      var write = writes.get(0);
      var outcome = refusal.outcome(table, "a " + write.getClass().getSimpleName());
      return Answer.of(
          Refusals.named(outcome, () -> ofItem(write)), OptionalDouble.empty(), throttles);
    }
    var answers = new ArrayList<Answer>();
    answers.add(new Answer(List.of(), 0, List.of(), throttles));
    writes.forEach(write -> answers.add(writeBatch(List.of(write))));
    return Answer.joined(answers);
  }

  private BatchWrite.Write plain(PlannedWrite write) {
    Item key = write.scanned().only(keys);
    return write instanceof PlannedWrite.Update update
        ? BatchWrite.Write.put(table, key, update.result())
        : BatchWrite.Write.delete(table, key);
  }
}
