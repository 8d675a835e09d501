package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** An execution that this engine runs or has run. Thread-safe. */
public final class Execution {
  /**
   * Before what was wrong, in the cause of a {@code States.Runtime}: what is kept of the execution
   * could not be written, or not be read.
   */
  public static final String FOLDER_FAILED = "The folder of executions failed: ";

  private final EngineParts parts;
  private final ExecutionFolder folder;
  private final ExecutionNames names;
  private final StateMachine machine;
  private final Journal journal;
  private final Unit unit;
  private final Cancellation cancellation = new Cancellation();
  private final CompletableFuture<Execution> end = new CompletableFuture<>();
  private final Runnable whenEnded;
  private volatile ExecutionFolder.State state;
  private volatile @Nullable Stop stop;
  private volatile Cancellation.Registration timeout = () -> {};

  private record Stop(ExecutionStatus status, StateError error) {}

  Execution(
      EngineParts parts,
      ExecutionFolder folder,
      StateMachine machine,
      ExecutionFolder.State state,
      Runnable whenEnded) {
    this.parts = parts;
    this.folder = folder;
    this.machine = machine;
    this.state = state;
    this.whenEnded = whenEnded;
    this.names = state.names();
    this.journal = folder.openJournal();
    this.unit =
        new Unit(
            parts,
            names,
            names.executionArn(),
            ContextObject.of(
                names, state.input(), state.startedAt(), state.redriveCount(), state.redrivenAt()),
            journal);
  }

  void run() {
    boolean redriven = state.redriveCount() > 0;
    Flow flow =
        new Flow(
            unit,
            machine.states(),
            "",
            java.util.Map.of(),
            Optional.empty(),
            cancellation,
            state.redriveCount(),
            this::ended);
    unit.event(redriven ? "ExecutionRedriven" : "ExecutionStarted", "");
    timeout = machine.states().timeout().map(this::startTimeout).orElse(() -> {});
    Optional<Journal.Entry> entry = journal.entry("");
    if (entry.isPresent()) {
      flow.resume(entry.get());
    } else {
      flow.start(state.input());
    }
  }

  private Cancellation.Registration startTimeout(Template template) {
    Duration limit = Duration.ofSeconds(template.literal().longValue());
    String cause = "The execution ran longer than its " + limit.toSeconds() + " s.";
    return parts
        .loop()
        .schedule(
            limit, () -> end(ExecutionStatus.TIMED_OUT, new StateError(ErrorNames.TIMEOUT, cause)));
  }

  private void ended(Ending ending) {
    timeout.close();
    ExecutionStatus status = Endings.status(ending);
    Optional<JsonNode> output = Optional.empty();
    Optional<StateError> error = Optional.empty();
    Stop stopped = stop;
    if (ending instanceof Ending.Succeeded succeeded) {
      output = Optional.of(succeeded.output());
    } else if (stopped != null
        && (ending instanceof Ending.Aborted || stopped.status() == ExecutionStatus.TIMED_OUT)) {
      status = stopped.status();
      error = Optional.of(stopped.error());
    } else if (ending instanceof Ending.Failed failed) {
      error = Optional.of(failed.error());
    }
    unit.lastEvent(
        "Execution" + word(status),
        error.map(e -> (JsonNode) e.json()).orElseGet(JsonNodeFactory.instance::objectNode));
    ExecutionFolder.State last = state.ended(status, parts.loop().now(), output, error);
    whenEnded.run(); // before the folder is given back: whoever goes on with it runs it then
    Optional<RuntimeException> failure = keep(last);
    if (failure.isPresent()) {
      end.completeExceptionally(failure.get());
    } else {
      end.complete(this);
    }
  }

  /**
   * Writes the end down and gives the folder back, whatever happens: if it cannot be written, on a
   * full disk most likely, the execution stands where its journal says, and can be redriven.
   */
  private Optional<RuntimeException> keep(ExecutionFolder.State last) {
    try (folder;
        journal) {
      journal.force();
      folder.write(last);
      state = last;
      return Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of(e);
    }
  }

  /** The engine was closed: whoever waits for the end is told, and others may redrive it. */
  void abandon() {
    folder.unlock();
    end.completeExceptionally(
        new IllegalStateException(
            "the engine was closed while the execution '" + name() + "' ran; redrive it"));
  }

  private static String word(ExecutionStatus status) {
    return switch (status) {
      case RUNNING -> throw new IllegalStateException("an execution that ended is not running");
      case SUCCEEDED -> "Succeeded";
      case FAILED -> "Failed";
      case TIMED_OUT -> "TimedOut";
      case ABORTED -> "Aborted";
    };
  }

  public String name() {
    return names.execution();
  }

  public String arn() {
    return names.executionArn();
  }

  public String stateMachineArn() {
    return names.machineArn();
  }

  public JsonNode input() {
    return state.input();
  }

  public ExecutionStatus status() {
    return state.status();
  }

  public Instant startedAt() {
    return state.startedAt();
  }

  /** Empty while it runs. */
  public Optional<Instant> stoppedAt() {
    return state.stoppedAt();
  }

  /** 0 until it is redriven for the first time. */
  public int redriveCount() {
    return state.redriveCount();
  }

  /** Empty unless it succeeded. */
  public Optional<JsonNode> output() {
    return state.output();
  }

  /** The error name, if it did not succeed. */
  public Optional<String> error() {
    return state.error().map(StateError::name);
  }

  /** The error's cause, if it did not succeed. */
  public Optional<String> cause() {
    return state.error().map(StateError::cause);
  }

  /** One entry for each Map Run that this execution has begun since it was started or redriven. */
  public List<MapRunCounts> mapRuns() {
    return unit.mapRuns().stream().map(MapRun::counts).toList();
  }

  /** How many children a Map Run that goes on may have at once; empty for none of that state. */
  public OptionalInt maxConcurrency(String stateName) {
    return unit.mapRuns().stream()
        .filter(run -> run.stateName().equals(stateName))
        .mapToInt(MapRun::maxConcurrency)
        .reduce((ended, latest) -> latest);
  }

  /**
   * Lets the Map Runs of a state have so many children at once, until the execution is redriven:
   * then it is as many as at first. Children that are under way go on, though they are more.
   *
   * @param atOnce at least 1
   */
  public void limitMapRuns(String stateName, int atOnce) {
    if (atOnce < 1) {
      throw new IllegalArgumentException("atOnce must be at least 1, not " + atOnce);
    }
    unit.mapRuns().stream()
        .filter(run -> run.stateName().equals(stateName))
        .forEach(run -> run.limit(atOnce));
  }

  /**
   * Brings the execution to an end as ABORTED, unless it ends by itself first.
   *
   * <p>No new work is begun. Calls under way learn of it ({@link TaskCall#cancelled}); what they
   * answer within the engine's grace period is journaled, so that a redrive goes on behind them.
   * Returns at once; see {@link #await}.
   */
  public void stop(String error, String cause) {
    end(ExecutionStatus.ABORTED, new StateError(error, cause));
  }

  /**
   * Waits for no call any more, as at the end of the grace period after {@link #stop}, which comes
   * first. What calls under way answer later is lost; a redrive makes them again. Returns at once.
   */
  public void cutOff() {
    parts.loop().execute(cancellation::cutOff);
  }

  private void end(ExecutionStatus status, StateError error) {
    synchronized (this) {
      if (stop != null) {
        return;
      }
      stop = new Stop(status, error);
    }
    cancellation.cancel();
    parts.loop().schedule(parts.grace(), cancellation::cutOff);
  }

  /**
   * Waits for the execution's end.
   *
   * @throws IllegalStateException if the engine was closed, or its disk failed, before the end
   */
  public Execution await() throws InterruptedException {
    try {
      return end.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * @return whether it ended within {@code limit}
   * @throws IllegalStateException as {@link #await()}
   */
  public boolean await(Duration limit) throws InterruptedException {
    try {
      end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  /**
   * What EventBridge says of an execution's change of status: the input of a machine that settles.
   *
   * <p>Source: Step Functions Developer Guide, "Automating Step Functions event delivery with
   * EventBridge"; read 2026-11-20.
   */
  public JsonNode statusChangeEvent() {
    return StatusChange.event(names, state, parts.random());
  }
}
