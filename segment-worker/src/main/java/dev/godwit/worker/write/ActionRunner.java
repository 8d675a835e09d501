package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.worker.pace.Backoff;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Carries out actions: at least once each, those on one target in the order in which they were
 * asked for.
 *
 * <p>If the process dies on any line, some have been carried out and the item that asked for them
 * has not been written; its page is replayed and asks again.
 */
public final class ActionRunner {
  /** With {@link Backoff}, about half a minute of throttling. */
  static final int MOST_TRIES = 15;

  private final ActionWriter writer;
  private final RequestSender sender;
  private final Backoff backoff;

  public ActionRunner(ActionWriter writer, RequestSender sender, Backoff backoff) {
    this.writer = writer;
    this.sender = sender;
    this.backoff = backoff;
  }

  /** Carries out all {@code actions}; answers what each came to: written, or refused. */
  public List<Outcome> run(List<Action> actions) {
    var outcomes = new ArrayList<Outcome>();
    var open = new LinkedHashSet<Integer>();
    for (int i = 0; i < actions.size(); i++) {
      outcomes.add(new Outcome.Busy());
      open.add(i);
    }
    int fruitless = 0;
    while (!open.isEmpty()) {
      int before = open.size();
      for (Map.Entry<Class<?>, List<Integer>> alike : firstPerTarget(actions, open).entrySet()) {
        send(actions, alike.getValue(), outcomes, open);
      }
      fruitless = open.size() < before ? 0 : fruitless + 1;
      if (fruitless == MOST_TRIES) {
        open.forEach(i -> outcomes.set(i, stillBusy()));
        open.clear();
      } else if (fruitless > 0) {
        backoff.pauseAfter(fruitless);
      }
    }
    return outcomes;
  }

  static Outcome.Refused stillBusy() {
    return new Outcome.Refused(
        "Throttled",
        "DynamoDB throttled it or was in trouble "
            + MOST_TRIES
            + " times; give the table more capacity");
  }

  private Map<Class<?>, List<Integer>> firstPerTarget(List<Action> actions, Set<Integer> open) {
    var taken = new HashSet<Target>();
    var byClass = new LinkedHashMap<Class<?>, List<Integer>>();
    for (int i : open) {
      var action = actions.get(i);
      if (taken.add(new Target(action.table(), writer.target(action)))) {
        byClass.computeIfAbsent(action.getClass(), any -> new ArrayList<>()).add(i);
      }
    }
    return byClass;
  }

  private record Target(String table, Item key) {}

  private void send(
      List<Action> actions, List<Integer> indexes, List<Outcome> outcomes, Set<Integer> open) {
    var alike = indexes.stream().map(actions::get).toList();
    var answers =
        sender.send(
            alike,
            new RequestSender.Kind<Action>(
                writer.mostPerRequest(alike.get(0)),
                WriteUnits::atMost,
                WriteUnits::exactly,
                writer::write));
    for (int i = 0; i < indexes.size(); i++) {
      if (!(answers.get(i) instanceof Outcome.Busy)) {
        outcomes.set(indexes.get(i), answers.get(i));
        open.remove(indexes.get(i));
      }
    }
  }
}
