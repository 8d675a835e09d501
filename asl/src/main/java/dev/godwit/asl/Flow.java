package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Walks through some {@link States}, one at a time, each step on a thread of the loop.
 *
 * <p>An execution is a flow, and so is every child, branch and iteration. Nothing blocks between
 * steps: a flow that waits is an entry in a timer or a call under way, not a thread.
 */
final class Flow {
  private static final Logger LOG = LoggerFactory.getLogger(Flow.class);

  private final Unit unit;
  private final States states;
  private final String path;
  private final Map<String, JsonNode> outerVariables;
  private final Optional<JsonNode> mapContext;
  private final Cancellation cancellation;
  private final int redriveCount;
  private final Consumer<Ending> whenEnded;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** Replaced, never changed; written only by the flow's own steps, which follow one another. */
  private volatile Map<String, JsonNode> variables = Map.of();

  /**
   * @param path names this flow in the unit's journal
   * @param outerVariables what an enclosing flow has assigned: readable, not assignable
   * @param mapContext {@code $states.context.Map}, inside a Map
   * @param whenEnded told once, from a step
   */
  Flow(
      Unit unit,
      States states,
      String path,
      Map<String, JsonNode> outerVariables,
      Optional<JsonNode> mapContext,
      Cancellation cancellation,
      int redriveCount,
      Consumer<Ending> whenEnded) {
    this.unit = unit;
    this.states = states;
    this.path = path;
    this.outerVariables = outerVariables;
    this.mapContext = mapContext;
    this.cancellation = cancellation;
    this.redriveCount = redriveCount;
    this.whenEnded = whenEnded;
  }

  Unit unit() {
    return unit;
  }

  String path() {
    return path;
  }

  Optional<JsonNode> mapContext() {
    return mapContext;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  Map<String, JsonNode> visibleVariables() {
    if (outerVariables.isEmpty()) {
      return variables;
    }
    Map<String, JsonNode> all = new LinkedHashMap<>(outerVariables);
    all.putAll(variables);
    return all;
  }

  void start(JsonNode input) {
    enter(states.startAt(), input);
  }

  /** Goes on where a journal says that this flow stood. */
  void resume(Journal.Entry entry) {
    variables = entry.variables();
    // Not journaled again: that would forget what is known of the flows inside this state.
    visit(entry.state(), entry.input());
  }

  void assign(Map<String, JsonNode> assigned) {
    Map<String, JsonNode> next = new LinkedHashMap<>(variables);
    next.putAll(assigned);
    variables = next;
  }

  void enter(String stateName, JsonNode input) {
    step(
        () -> {
          journal(stateName, input);
          begin(stateName, input);
        });
  }

  private void visit(String stateName, JsonNode input) {
    step(() -> begin(stateName, input));
  }

  /** Notes where this flow stands, and forgets what was inside its state until now. */
  void journal(String stateName, JsonNode input) {
    unit.journal().entered(path, stateName, input, variables, redriveCount);
  }

  private void begin(String stateName, JsonNode input) {
    if (cancellation.isCancelled()) {
      end(new Ending.Aborted());
      return;
    }
    new Visit(this, states.state(stateName), input).begin();
  }

  /** Runs a step of this flow; what it throws ends the flow. */
  void step(Runnable step) {
    unit.loop()
        .execute(
            () -> {
              try {
                step.run();
              } catch (StateFailure e) {
                end(new Ending.Failed(e.error()));
              } catch (UncheckedIOException e) {
                end(new Ending.Failed(Failures.ofStep(e)));
              } catch (RuntimeException | StackOverflowError e) {
                LOG.error("a step of {} broke off", unit.arn(), e);
                end(new Ending.Failed(new StateError(ErrorNames.RUNTIME, String.valueOf(e))));
              }
            });
  }

  void end(Ending ending) {
    if (ended.compareAndSet(false, true)) {
      whenEnded.accept(ending);
    }
  }
}
