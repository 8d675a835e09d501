package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One stay of a flow in a state, from entry to exit, retries included.
 *
 * <p>Only the flow's own steps touch it, and they follow one another.
 */
final class Visit {
  private final Flow flow;
  private final State state;
  private final JsonNode input;
  private final Instant enteredAt;
  private final Map<Retrier, Integer> retriesMade = new LinkedHashMap<>();
  private int retryCount;
  private @Nullable Bindings bindings;

  Visit(Flow flow, State state, JsonNode input) {
    this.flow = flow;
    this.state = state;
    this.input = input;
    this.enteredAt = flow.unit().loop().now();
  }

  Flow flow() {
    return flow;
  }

  Unit unit() {
    return flow.unit();
  }

  State state() {
    return state;
  }

  JsonNode input() {
    return input;
  }

  int retryCount() {
    return retryCount;
  }

  Instant now() {
    return unit().loop().now();
  }

  void begin() {
    unit()
        .event(
            state.type() + "StateEntered",
            state.name(),
            details(Map.of("name", TextNode.valueOf(state.name()), "input", input)));
    attempt();
  }

  private void attempt() {
    bindings = null;
    guarded(() -> state.run(this));
  }

  /** Does a part of the state's work; a failure is the state's, to be retried or caught. */
  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (StateFailure e) {
      fail(e.error());
    }
  }

  /** As {@link #guarded}, as a later step of the flow. */
  void later(Runnable work) {
    flow.step(() -> guarded(work));
  }

  /** What the state's own expressions see: no result yet. */
  Bindings bindings() {
    Bindings known = bindings;
    if (known == null) {
      known =
          Bindings.of(
              input,
              this::context,
              flow.visibleVariables(),
              unit().parts().random(),
              unit().parts().evaluations());
      bindings = known;
    }
    return known;
  }

  /** {@code $states.context}, without what changes from item to item of this state's own Map. */
  ObjectNode context() {
    ObjectNode context = unit().context().deepCopy();
    context
        .putObject("State")
        .put("EnteredTime", enteredAt.toString())
        .put("Name", state.name())
        .put("RetryCount", retryCount);
    flow.mapContext().ifPresent(map -> context.set("Map", map));
    return context;
  }

  void checkSize(JsonNode value, String what) {
    if (Json.size(value) > Limits.PAYLOAD_BYTES) {
      throw new StateFailure(
          ErrorNames.DATA_LIMIT_EXCEEDED,
          "The state '"
              + state.name()
              + "' has "
              + what
              + " with a size exceeding the maximum number of bytes service limit ("
              + Limits.PAYLOAD_BYTES
              + ").");
    }
  }

  /** Runs {@code then} after a while, unless the flow is stopped before. */
  void after(Duration delay, Runnable then) {
    Once once = new Once();
    var timer = unit().loop().schedule(delay, () -> once.run(() -> later(then)));
    Runnable stop =
        () ->
            once.run(
                () -> {
                  timer.close();
                  flow.step(() -> flow.end(new Ending.Aborted()));
                });
    once.use(flow.cancellation().register(stop, stop));
  }

  /** Calls a task; its answer is this state's result. */
  void call(String resource, JsonNode arguments, Optional<Duration> timeout) {
    TaskPort port =
        unit()
            .parts()
            .ports()
            .find(resource)
            .orElseThrow(
                () ->
                    new StateFailure(
                        ErrorNames.RUNTIME, "Nothing is registered for " + resource + "."));
    TaskCall call =
        new TaskCall(
            resource, arguments, state.name(), unit().arn(), retryCount, timeout, this::context);
    unit().event("TaskScheduled", state.name());
    unit().event("TaskStarted", state.name());
    Once once = new Once();
    once.use(
        flow.cancellation()
            .register(
                call::cancel,
                () -> once.run(() -> flow.step(() -> flow.end(new Ending.Aborted())))));
    timeout.ifPresent(
        limit ->
            once.use(
                unit()
                    .loop()
                    .schedule(
                        limit,
                        () ->
                            once.run(
                                () -> {
                                  call.cancel();
                                  later(() -> timedOut(limit));
                                }))));
    unit()
        .loop()
        .call(
            port,
            call,
            new Loop.Completion() {
              @Override
              public void succeeded(JsonNode result) {
                once.run(() -> later(() -> taskSucceeded(result)));
              }

              @Override
              public void failed(Throwable failure) {
                once.run(() -> later(() -> taskFailed(failure)));
              }
            });
  }

  private void taskSucceeded(JsonNode result) {
    unit().event("TaskSucceeded", state.name());
    succeed(result);
  }

  private void taskFailed(Throwable failure) {
    StateError error = Failures.errorOf(failure);
    unit().event("TaskFailed", state.name(), error.json());
    throw new StateFailure(error);
  }

  private void timedOut(Duration limit) {
    StateError error =
        new StateError(
            ErrorNames.TIMEOUT, "The task ran longer than its " + limit.toSeconds() + " s.");
    unit().event("TaskTimedOut", state.name(), error.json());
    throw new StateFailure(error);
  }

  /** The state's work is done and has a result: leaves by {@code Assign}, {@code Output}, Next. */
  void succeed(JsonNode result) {
    checkSize(result, "a result");
    leave(bindings().withResult(result), result, state.assign(), state.output(), state.next());
  }

  /**
   * @param seen what {@code assign} and {@code output} see: both the variables as they were on
   *     entry, whatever is assigned
   * @param otherwise the output where there is no {@code output}
   * @param next empty to end the flow
   */
  void leave(
      Bindings seen,
      JsonNode otherwise,
      Optional<Template> assign,
      Optional<Template> output,
      Optional<String> next) {
    JsonNode out = output.map(template -> template.evaluate(seen)).orElse(otherwise);
    checkSize(out, "an output");
    Map<String, JsonNode> assigned =
        assign.map(template -> Variables.evaluate(unit(), template, seen, state)).orElse(Map.of());
    if (!assigned.isEmpty()) {
      flow.assign(assigned);
    }
    unit()
        .event(
            state.type() + "StateExited",
            state.name(),
            details(
                Map.of(
                    "name",
                    TextNode.valueOf(state.name()),
                    "output",
                    out,
                    "assignedVariables",
                    details(assigned))));
    if (next.isPresent()) {
      flow.enter(next.get(), out);
    } else {
      flow.end(new Ending.Succeeded(out));
    }
  }

  private static ObjectNode details(Map<String, ? extends JsonNode> fields) {
    ObjectNode details = Json.MAPPER.createObjectNode();
    details.setAll(fields);
    return details;
  }

  /** The state's work has failed: retries it, catches the error, or ends the flow. */
  void fail(StateError error) {
    if (state instanceof FaultTolerantState tolerant) {
      if (retry(tolerant, error)) {
        return;
      }
      for (Catcher catcher : tolerant.catchers()) {
        if (catcher.matches(error)) {
          JsonNode errorOutput = error.json();
          // A failure in here is final: a Catch does not catch what goes wrong in itself.
          leave(
              bindings().withErrorOutput(errorOutput),
              errorOutput,
              catcher.assign(),
              catcher.output(),
              Optional.of(catcher.next()));
          return;
        }
      }
    }
    flow.end(new Ending.Failed(error));
  }

  private boolean retry(FaultTolerantState tolerant, StateError error) {
    for (Retrier retrier : tolerant.retriers()) {
      if (retrier.matches(error)) {
        int made = retriesMade.getOrDefault(retrier, 0);
        if (made >= retrier.maxAttempts()) {
          return false;
        }
        retriesMade.put(retrier, made + 1);
        after(
            retrier.delay(made, unit().parts().random()),
            () -> {
              retryCount++;
              if (!state.inner().isEmpty()) {
                // The next attempt runs all of its branches, iterations or children again.
                flow.journal(state.name(), input);
              }
              attempt();
            });
        return true;
      }
    }
    return false;
  }

  static StateFailure wrongType(Template template, String expected, JsonNode value) {
    return new StateFailure(
        ErrorNames.QUERY_EVALUATION_ERROR,
        "The value specified for the field '"
            + template.field()
            + "' has an unexpected type. Expected "
            + expected
            + ", but was "
            + value.getNodeType().name().toLowerCase(java.util.Locale.ROOT)
            + ".");
  }

  static StateFailure outOfRange(Template template, String expected, JsonNode value) {
    return new StateFailure(
        ErrorNames.QUERY_EVALUATION_ERROR,
        "The value specified for the field '"
            + template.field()
            + "' is out of range. Expected "
            + expected
            + ", but was "
            + value
            + ".");
  }

  /** Lets the first of several endings through, and closes what the others hung on. */
  private static final class Once {
    private final AtomicBoolean done = new AtomicBoolean();
    private final java.util.Queue<Cancellation.Registration> uses =
        new java.util.concurrent.ConcurrentLinkedQueue<>();

    void run(Runnable action) {
      if (done.compareAndSet(false, true)) {
        closeUses();
        action.run();
      }
    }

    void use(Cancellation.Registration registration) {
      uses.add(registration);
      if (done.get()) {
        closeUses();
      }
    }

    private void closeUses() {
      Cancellation.Registration registration;
      while ((registration = uses.poll()) != null) {
        registration.close();
      }
    }
  }
}
