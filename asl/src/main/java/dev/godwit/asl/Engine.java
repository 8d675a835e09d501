package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs state machines on this machine, and keeps on disk what it takes to redrive them.
 *
 * <p>A home folder holds {@code executions/<name>/}. One process may run an execution at a time,
 * any number may look at it. Threads: a bounded pool for the calls of tasks, one thread a processor
 * for everything between them, however many children a Map Run has.
 *
 * <p>Thread-safe.
 */
public final class Engine implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final Path home;
  private final EngineParts parts;
  private final Supplier<String> identities;
  private final Map<String, Execution> running = new ConcurrentHashMap<>();

  private Engine(Path home, EngineParts parts, Supplier<String> identities) {
    this.home = home;
    this.parts = parts;
    this.identities = identities;
  }

  /**
   * @param home made when first written to
   */
  public static Builder builder(Path home) {
    return new Builder(home);
  }

  /** Puts an engine together. */
  public static final class Builder {
    private final Path home;
    private final Map<String, TaskPort> ports = new LinkedHashMap<>();
    private ObjectStore objects;
    private ExecutionListener listener = event -> {};
    private int taskThreads = 16;
    private Duration grace = Duration.ofMinutes(1);
    private RandomGenerator random = new java.security.SecureRandom();
    private EvaluationListener evaluations = EvaluationListener.NONE;
    private Optional<Loop> loop = Optional.empty();
    private Supplier<String> identities = () -> UUID.randomUUID().toString();

    private Builder(Path home) {
      this.home = home;
      this.objects = new FolderObjectStore(home.resolve("buckets"));
    }

    /**
     * @param resourcePrefix of what follows {@code arn:<partition>:states:::} in a {@code Resource}
     *     ({@code lambda:invoke}, {@code aws-sdk:dynamodb:}), or of any other ARN whole; the
     *     longest that fits is taken
     */
    public Builder task(String resourcePrefix, TaskPort port) {
      ports.put(resourcePrefix, port);
      return this;
    }

    /** Where item readers read and result writers write; a folder in the home if not set. */
    public Builder objects(ObjectStore store) {
      this.objects = store;
      return this;
    }

    public Builder listener(ExecutionListener hears) {
      this.listener = hears;
      return this;
    }

    /** How many task calls may be under way at once; 16 if not set. */
    public Builder taskThreads(int threads) {
      if (threads < 1) {
        throw new IllegalArgumentException("taskThreads must be at least 1, not " + threads);
      }
      this.taskThreads = threads;
      return this;
    }

    /** How long a stopped execution waits for calls under way; a minute if not set. */
    public Builder grace(Duration longest) {
      this.grace = longest;
      return this;
    }

    /** Where UUIDs, {@code $random()} and jitter come from. Must be thread-safe. */
    public Builder random(RandomGenerator source) {
      this.random = source;
      return this;
    }

    Builder evaluations(EvaluationListener hears) {
      this.evaluations = hears;
      return this;
    }

    /** Where executions' identities come from; random UUIDs if not set. */
    Builder identities(Supplier<String> source) {
      this.identities = source;
      return this;
    }

    Builder loop(Loop madeUp) {
      this.loop = Optional.of(madeUp);
      return this;
    }

    public Engine build() {
      ExecutionListener hears = listener;
      Map<String, TaskPort> all = new LinkedHashMap<>();
      all.put("aws-sdk:s3:listObjectsV2", BuiltInTasks.listObjects(objects));
      all.put(
          "aws-sdk:sfn:describeExecution",
          BuiltInTasks.describeExecution(home.resolve("executions")));
      all.putAll(ports);
      return new Engine(
          home,
          new EngineParts(
              loop.orElseGet(() -> new ThreadedLoop(Clock.systemUTC(), taskThreads)),
              new EngineParts.TaskPorts(Map.copyOf(all)),
              objects,
              event -> {
                try {
                  hears.on(event);
                } catch (RuntimeException e) {
                  LOG.warn("a listener failed on {}: {}", event.type(), e.toString());
                }
              },
              random,
              evaluations,
              grace),
          identities);
    }
  }

  /**
   * Starts an execution.
   *
   * <p>Idempotent as StartExecution is: a name that is already running with an equal input gives
   * that execution.
   *
   * @param name 1 to 80 letters, digits, {@code -} and {@code _}
   * @throws ExecutionAlreadyExists if the name is taken otherwise
   * @throws InvalidDefinition if the machine calls a resource that nothing is registered for
   * @throws IllegalArgumentException if the name or the input (256 KiB at most) is not allowed
   */
  public Execution start(StateMachine machine, String name, JsonNode input) {
    if (!name.matches("[A-Za-z0-9_-]{1," + Limits.NAME_CHARACTERS + "}")) {
      throw new IllegalArgumentException(
          "an execution's name must be 1 to 80 letters, digits, '-' or '_', not '" + name + "'");
    }
    if (Json.size(input) > Limits.PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "an execution's input must not be larger than " + Limits.PAYLOAD_BYTES + " bytes");
    }
    checkPorts(machine);
    synchronized (running) {
      ExecutionFolder folder = folder(name);
      if (folder.exists()) {
        Execution known = running.get(name);
        if (known != null
            && known.input().equals(input)
            && folder.read().machine().equals(machine.name())) {
          return known;
        }
        throw alreadyThere(name);
      }
      ExecutionFolder.State state =
          new ExecutionFolder.State(
              machine.name(),
              name,
              identities.get(),
              input,
              ExecutionStatus.RUNNING,
              parts.loop().now(),
              0,
              Optional.empty(),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      if (!folder.create(machine, state)) {
        throw alreadyThere(name); // by another process, just now
      }
      return run(folder, machine, state);
    }
  }

  private ExecutionAlreadyExists alreadyThere(String name) {
    return new ExecutionAlreadyExists(
        "there is already an execution '"
            + name
            + "' in "
            + home
            + "; redrive it, or take another name");
  }

  /**
   * Goes on with an execution that failed, was stopped, ran out of time or was killed: from the
   * state that it stood in, with that state's input. Children that succeeded are not run again.
   *
   * @throws ExecutionNotRedrivable if it succeeded, still runs, or does not exist
   * @throws ExecutionDamaged if what the disk holds of it is not whole; nothing was changed
   */
  public Execution redrive(String name) {
    synchronized (running) {
      ExecutionFolder folder = folder(name);
      if (!folder.exists()) {
        throw new ExecutionNotRedrivable("there is no execution '" + name + "' in " + home);
      }
      lockFor(folder, name);
      boolean begun = false;
      try {
        // Not before it is locked: another process may have gone on with it meanwhile.
        ExecutionFolder.State state = folder.read();
        if (state.status() == ExecutionStatus.SUCCEEDED) {
          throw new ExecutionNotRedrivable(
              "the execution '" + name + "' succeeded and cannot be redriven");
        }
        StateMachine machine = folder.readMachine(state.machine());
        checkPorts(machine);
        folder.check();
        ExecutionFolder.State redriven = state.redriven(parts.loop().now());
        folder.write(redriven);
        Execution execution = run(folder, machine, redriven);
        begun = true;
        return execution;
      } finally {
        if (!begun) {
          folder.unlock();
        }
      }
    }
  }

  private static void lockFor(ExecutionFolder folder, String name) {
    try {
      folder.lock();
    } catch (ExecutionIsRunning e) {
      throw new ExecutionNotRedrivable("the execution '" + name + "' is running");
    }
  }

  private Execution run(ExecutionFolder folder, StateMachine machine, ExecutionFolder.State state) {
    Execution execution =
        new Execution(parts, folder, machine, state, () -> running.remove(state.name()));
    running.put(state.name(), execution);
    execution.run();
    return execution;
  }

  private void checkPorts(StateMachine machine) {
    List<String> missing =
        machine.resources().stream()
            .filter(resource -> !Resources.shortName(resource).startsWith("s3:"))
            .filter(resource -> parts.ports().find(resource).isEmpty())
            .map(resource -> "nothing is registered for the resource " + resource)
            .toList();
    if (!missing.isEmpty()) {
      throw new InvalidDefinition(machine.name(), missing);
    }
  }

  /** What the disk says of an execution. */
  public Optional<ExecutionSummary> find(String name) {
    ExecutionFolder folder = folder(name);
    return folder.exists() ? Optional.of(summary(folder)) : Optional.empty();
  }

  /**
   * What EventBridge says of an execution that this engine need not have run itself: the input of a
   * machine that settles. As {@link Execution#statusChangeEvent}.
   *
   * @throws IllegalArgumentException if there is no such execution
   */
  public JsonNode statusChangeEvent(String name) {
    ExecutionFolder.State state = existing(name).read();
    return StatusChange.event(state.names(), state, parts.random());
  }

  /**
   * Ends a killed execution as ABORTED where it stands; it can still be redriven.
   *
   * @return false if it has ended already
   * @throws IllegalArgumentException if there is no such execution
   * @throws ExecutionIsRunning if a living process runs it: stop it there
   */
  public boolean abortKilled(String name, String error, String cause) {
    synchronized (running) {
      ExecutionFolder folder = existing(name);
      folder.lock();
      try {
        ExecutionFolder.State state = folder.read();
        if (state.status() != ExecutionStatus.RUNNING) {
          return false;
        }
        folder.write(
            state.ended(
                ExecutionStatus.ABORTED,
                parts.loop().now(),
                Optional.empty(),
                Optional.of(new StateError(error, cause))));
        return true;
      } finally {
        folder.unlock();
      }
    }
  }

  /** What the disk says of an execution's Map Runs, oldest first, whoever runs them. */
  public List<SavedMapRun> mapRuns(String name) {
    return folder(name).mapRuns();
  }

  private ExecutionFolder existing(String name) {
    ExecutionFolder folder = folder(name);
    if (!folder.exists()) {
      throw new IllegalArgumentException("there is no execution '" + name + "' in " + home);
    }
    return folder;
  }

  /**
   * Every execution in the home folder, newest first.
   *
   * @throws ExecutionDamaged if one of them is not as it was written; {@link #names} and {@link
   *     #find} look at one at a time
   */
  public List<ExecutionSummary> executions() {
    return names().stream()
        .flatMap(name -> find(name).stream())
        .sorted(java.util.Comparator.comparing(ExecutionSummary::startedAt).reversed())
        .toList();
  }

  /** The names of all executions in the home folder, in no order. */
  public List<String> names() {
    Path folder = home.resolve("executions");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .filter(found -> new ExecutionFolder(found).exists())
          .map(found -> found.getFileName().toString())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ExecutionSummary summary(ExecutionFolder folder) {
    ExecutionFolder.State state = folder.read();
    return new ExecutionSummary(
        state.machine(),
        state.name(),
        state.names().executionArn(),
        state.input(),
        state.status(),
        state.status() == ExecutionStatus.RUNNING && !folder.isLocked(),
        state.startedAt(),
        state.redriveCount(),
        state.stoppedAt(),
        state.output(),
        state.error().map(StateError::name),
        state.error().map(StateError::cause));
  }

  private ExecutionFolder folder(String name) {
    return new ExecutionFolder(home.resolve("executions").resolve(name));
  }

  /**
   * Lets go of the engine's threads. Executions that still run stand where their journals say, as
   * after a kill; stop them first for a tidier end.
   */
  @Override
  public void close() {
    parts.loop().close();
    running.values().forEach(Execution::abandon);
    running.clear();
  }
}
