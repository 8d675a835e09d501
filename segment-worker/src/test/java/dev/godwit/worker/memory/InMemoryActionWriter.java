package dev.godwit.worker.memory;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.testkit.Condition;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.Outcome;
import java.util.List;
import java.util.Optional;

/** Carries out actions on tables in memory. */
final class InMemoryActionWriter implements ActionWriter {
  private final InMemoryDatabase database;
  private final int mostPerRequest;
  private final Requests requests;

  InMemoryActionWriter(InMemoryDatabase database, int mostPerRequest, Requests requests) {
    this.database = database;
    this.mostPerRequest = mostPerRequest;
    this.requests = requests;
  }

  @Override
  public int mostPerRequest(Action action) {
    return action instanceof Action.Update ? 1 : mostPerRequest;
  }

  @Override
  public Item target(Action action) {
    var table = database.table(action.table());
    if (action instanceof Action.Put put) {
      return table.keyOf(put.item());
    }
    if (action instanceof Action.PutIfAbsent put) {
      return table.keyOf(put.item());
    }
    return action instanceof Action.Update update ? update.key() : ((Action.Delete) action).key();
  }

  @Override
  public Answer write(List<Action> actions) {
    return requests.send(
        actions,
        mostPerRequest(actions.get(0)),
        action -> List.of(action.table(), target(action)),
        this::write);
  }

  @Override
  public Optional<Outcome.Refused> foresee(Action action) {
    return database.limits(action.table()).ofAction(action);
  }

  private Outcome write(Action action) {
    var refused = foresee(action);
    if (refused.isPresent()) {
      return refused.get();
    }
    var table = database.table(action.table());
    if (action instanceof Action.Put put) {
      table.put(put.item(), Condition.always());
    } else if (action instanceof Action.PutIfAbsent put) {
      table.put(put.item(), Condition.absent());
    } else if (action instanceof Action.Update update) {
      table.update(update.key(), update.attributes(), update.removed(), Condition.always());
    } else {
      table.delete(target(action), Condition.always());
    }
    return new Outcome.Written();
  }
}
