package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several flows inside one state of one execution: a Parallel's branches, an inline Map's
 * iterations. The first failure stops the others, and the state fails when all have come to rest.
 */
final class Branches {
  private static final Logger LOG = LoggerFactory.getLogger(Branches.class);

  private final Visit visit;
  private final Plan plan;
  private final int concurrency;
  private final Cancellation cancellation = new Cancellation();
  private final Cancellation.Registration attached;
  private final @Nullable JsonNode[] outputs;
  private int next;
  private int running;
  private int done;
  private boolean aborted;
  private @Nullable StateError failure;
  private boolean reported;

  /** What runs where. */
  interface Plan {
    int count();

    States states(int index);

    JsonNode input(int index);

    Optional<JsonNode> mapContext(int index);

    /** The first word of the history's events: empty if this kind of flow has none. */
    String eventPrefix();

    /** Told before the state leaves. */
    void beforeResult();

    void beforeFailure();
  }

  Branches(Visit visit, Plan plan, int concurrency) {
    this.visit = visit;
    this.plan = plan;
    this.concurrency = concurrency;
    this.outputs = new @Nullable JsonNode[plan.count()];
    this.attached = visit.flow().cancellation().attach(cancellation);
  }

  void start() {
    synchronized (this) {
      try {
        fill();
      } catch (StateFailure e) {
        fail(e.error());
      }
    }
    reportIfOver();
  }

  private synchronized void fill() {
    while (next < plan.count()
        && running < concurrency
        && failure == null
        && !cancellation.isCancelled()) {
      int index = next++;
      String path = path(index);
      Journal journal = visit.unit().journal();
      Optional<JsonNode> known = journal.output(path);
      if (known.isPresent()) {
        outputs[index] = known.get();
        done++;
        continue;
      }
      Optional<Journal.Entry> entry = journal.entry(path);
      JsonNode input = entry.isPresent() ? entry.get().input() : plan.input(index);
      event(index, "Started");
      running++;
      Flow flow =
          new Flow(
              visit.unit(),
              plan.states(index),
              path,
              visit.flow().visibleVariables(),
              plan.mapContext(index),
              cancellation,
              0,
              ending -> ended(index, ending));
      if (entry.isPresent()) {
        flow.resume(entry.get());
      } else {
        flow.start(input);
      }
    }
  }

  private String path(int index) {
    return visit.flow().path() + "/" + visit.state().name() + "[" + index + "]";
  }

  private void event(int index, String what) {
    if (!plan.eventPrefix().isEmpty()) {
      visit
          .unit()
          .event(
              plan.eventPrefix() + what,
              visit.state().name(),
              JsonNodeFactory.instance.objectNode().put("index", index));
    }
  }

  private void ended(int index, Ending ending) {
    synchronized (this) {
      running--;
      try {
        settle(index, ending);
        fill();
      } catch (StateFailure e) {
        fail(e.error());
      } catch (RuntimeException e) {
        if (!(e instanceof UncheckedIOException)) {
          LOG.error("the state {} of {} broke off", visit.state().name(), visit.unit().arn(), e);
        }
        fail(Failures.ofStep(e));
      }
    }
    reportIfOver();
  }

  private void settle(int index, Ending ending) {
    if (ending instanceof Ending.Succeeded succeeded) {
      visit.unit().journal().finished(path(index), succeeded.output());
      outputs[index] = succeeded.output();
      done++;
      event(index, "Succeeded");
    } else if (ending instanceof Ending.Failed failed) {
      event(index, "Failed");
      fail(failed.error());
    } else {
      aborted = true;
      event(index, "Aborted");
    }
  }

  private synchronized void fail(StateError error) {
    if (failure == null) {
      failure = error;
      cancellation.cancel();
      visit.unit().loop().schedule(visit.unit().parts().grace(), cancellation::cutOff);
    }
  }

  private void reportIfOver() {
    StateError error;
    synchronized (this) {
      boolean stopped = failure != null || aborted || cancellation.isCancelled();
      if (reported || running > 0 || (done < plan.count() && !stopped)) {
        return;
      }
      reported = true;
      error = failure;
    }
    attached.close();
    if (error != null) {
      visit.later(
          () -> {
            plan.beforeFailure();
            throw new StateFailure(error);
          });
    } else if (done < plan.count()) {
      visit.flow().step(() -> visit.flow().end(new Ending.Aborted()));
    } else {
      visit.later(this::succeed);
    }
  }

  private void succeed() {
    ArrayNode result = JsonNodeFactory.instance.arrayNode(outputs.length);
    for (JsonNode output : outputs) {
      result.add(output);
    }
    plan.beforeResult();
    visit.succeed(result);
  }
}
