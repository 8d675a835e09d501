package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Backoff;
import dev.godwit.worker.pace.Deadline;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Carries out actions: at least once each, those on one target in the order in which they were
 * asked for.
 *
 * <p>If the process dies on any line, some have been carried out and the item that asked for them
 * has not been written; its page is replayed and asks again.
 */
public final class ActionRunner {
  /** How often something may be throttled, after others were not, until it is given up. */
  static final int MOST_TRIES = 15;

  /** The table takes nearly everything, if so many are written for one that is not. */
  private static final int MANY = 10;

  private final ActionWriter writer;
  private final RequestSender sender;
  private final Backoff backoff;

  public ActionRunner(ActionWriter writer, RequestSender sender, Backoff backoff) {
    this.writer = writer;
    this.sender = sender;
    this.backoff = backoff;
  }

  /**
   * What became of actions.
   *
   * @param outcomes of each action: written, refused, or, when time ran out, busy or unsettled
   * @param trouble why the table's answer to some is not known
   */
  public record Done(List<Outcome> outcomes, Optional<TableUnavailable> trouble) {
    public Done {
      outcomes = List.copyOf(outcomes);
    }
  }

  /** Carries out {@code actions} as long as there is time. */
  public Done run(List<Action> actions, Deadline deadline) {
    var running = new Running(actions);
    try {
      running.run(deadline);
    } catch (TableUnavailable e) {
      running.trouble = Optional.of(e);
    }
    return running.done();
  }

  static Outcome.Refused stillBusy() {
    return new Outcome.Refused(
        "Throttled",
        "DynamoDB throttled it or was in trouble at least "
            + MOST_TRIES
            + " times, though it took other writes meanwhile; give the table more capacity");
  }

  /** What the refusal of one of its actions is for an item, which is not written then. */
  static Outcome.Refused ofItem(Outcome.Refused ofAction) {
    return new Outcome.Refused(ofAction.error(), "An action is refused: " + ofAction.message());
  }

  /**
   * Whether it is those that are left that cannot be written, rather than the table that takes
   * nothing for now.
   */
  static boolean isTaken(int written, int left) {
    return written >= MANY * left;
  }

  private record Target(String table, Item key) {}

  /** What has become of some actions so far. */
  private final class Running {
    private final List<Action> actions;
    private final List<Outcome> outcomes = new ArrayList<>();
    private final Set<Integer> open = new LinkedHashSet<>();
    private final int[] tries;
    private int written;
    private Optional<TableUnavailable> trouble = Optional.empty();

    Running(List<Action> actions) {
      this.actions = actions;
      this.tries = new int[actions.size()];
      for (int i = 0; i < actions.size(); i++) {
        outcomes.add(new Outcome.Unsettled());
        open.add(i);
      }
    }

    void run(Deadline deadline) {
      boolean isFirst = true;
      int fruitless = 0;
      while (!open.isEmpty()) {
        int before = open.size();
        for (List<Integer> alike : firstPerTarget().values()) {
          if (!isFirst && deadline.isPast()) {
            return;
          }
          isFirst = false;
          send(alike, deadline);
          if (trouble.isPresent()) {
            return;
          }
        }
        fruitless = open.size() < before ? 0 : fruitless + 1;
        if (fruitless > 0 && !backoff.pauseAfter(fruitless, deadline)) {
          return;
        }
      }
    }

    private Map<Class<?>, List<Integer>> firstPerTarget() {
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

    private void send(List<Integer> indexes, Deadline deadline) {
      var alike = indexes.stream().map(actions::get).toList();
      var sent =
          sender.send(
              alike,
              new RequestSender.Kind<Action>(
                  writer.mostPerRequest(alike.get(0)),
                  WriteUnits::atMost,
                  WriteUnits::exactly,
                  writer::write),
              deadline);
      for (int i = 0; i < indexes.size(); i++) {
        int index = indexes.get(i);
        var outcome = sent.outcomes().get(i);
        outcomes.set(index, outcome);
        if (outcome instanceof Outcome.Busy) {
          tries[index] += written > 0 ? 1 : 0;
        } else if (outcome instanceof Outcome.Written) {
          written++;
          open.remove(index);
        } else if (!(outcome instanceof Outcome.Unsettled)) {
          open.remove(index);
        }
      }
      trouble = sent.trouble();
    }

    /** Gives up what was throttled again and again while the table took others. */
    Done done() {
      if (isTaken(written, open.size())) {
        for (int i : open) {
          if (tries[i] >= MOST_TRIES) {
            outcomes.set(i, stillBusy());
          }
        }
      }
      return new Done(outcomes, trouble);
    }
  }
}
