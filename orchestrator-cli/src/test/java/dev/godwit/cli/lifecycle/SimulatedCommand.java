package dev.godwit.cli.lifecycle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.asl.Engine;
import dev.godwit.asl.ExecutionAlreadyExists;
import dev.godwit.asl.ExecutionIsRunning;
import dev.godwit.asl.ExecutionNotRedrivable;
import dev.godwit.asl.ExecutionStatus;
import dev.godwit.asl.TaskFailure;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.VirtualSettling;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.Ledger.Code;
import dev.godwit.cli.results.ResultFiles;
import dev.godwit.cli.results.RunResults;
import dev.godwit.cli.run.ListedRun;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One command of somebody, in a process of its own, which may die between any two of its calls: the
 * real {@link RunLifecycle}, at a place in a {@link RunsWorld}.
 */
final class SimulatedCommand implements Place, Executions, Waiting {
  private final RunsWorld world;
  private final String what;
  private final RunLifecycle runs;
  private final Settling settling;
  private Optional<Engine> own = Optional.empty();
  private boolean dead;

  /** Its process is no more. */
  private static final class Died extends Error {
    private static final long serialVersionUID = 1;
  }

  /** A call that was not answered. */
  private static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1;
  }

  @FunctionalInterface
  private interface Call<T, E extends Exception> {
    T make() throws E;
  }

  SimulatedCommand(RunsWorld world, String what) {
    this.world = world;
    this.what = what;
    this.runs = new RunLifecycle(this, this);
    this.settling =
        VirtualSettling.in(
            world.home, RunsWorld.LEDGER, world::carrying, this::now, this::patiently);
  }

  RunLifecycle runs() {
    return runs;
  }

  void carryOut(Consumer<SimulatedCommand> does) {
    world.tell(what);
    try {
      SimulatedClient.with(this::dynamoDb, () -> does.accept(this));
      world.tell(what + " done");
    } catch (CommandFailed e) {
      world.failed(what, e);
    } catch (Died e) {
      world.tell(what + " died");
    } finally {
      own.ifPresent(Engine::close);
    }
  }

  private void die() {
    dead = true;
    own.ifPresent(Engine::close);
    throw new Died();
  }

  private void alive() {
    if (dead) {
      throw new Died();
    }
  }

  /** Makes a call to a service, of which anything may become. */
  private <T, E extends Exception> T call(Call<T, E> call) throws E, Unanswered {
    return call(call, true);
  }

  /**
   * @param travels whether the call is to another machine, and may come when its caller has given
   *     it up; what is asked of an engine in this process is done or not
   */
  private <T, E extends Exception> T call(Call<T, E> call, boolean travels) throws E, Unanswered {
    if (!Turns.isActing()) {
      return call.make(); // an engine asks, for this process
    }
    alive();
    world.turns.pause(world.upTo(Duration.ofMillis(200)));
    var fate = world.fate();
    switch (fate == RunsWorld.Fate.LATE && !travels ? RunsWorld.Fate.REFUSED : fate) {
      case REFUSED -> {
        world.tell(what + ": refused");
        throw new Unanswered();
      }
      case UNHEARD -> {
        call.make();
        world.tell(what + ": unheard");
        throw new Unanswered();
      }
      case LATE -> {
        world.tell(what + ": late");
        world.loop.schedule(world.upTo(Duration.ofMinutes(1)), () -> late(call));
        throw new Unanswered();
      }
      case DIES_BEFORE -> die();
      case DIES_AFTER -> {
        call.make();
        die();
      }
      case STANDS_STILL -> {
        T answer = call.make();
        world.tell(what + ": stands still");
        world.turns.pause(world.upTo(Duration.ofMinutes(20)));
        alive();
        return answer;
      }
      case ANSWERED -> {}
    }
    T answer = call.make();
    world.turns.pause(world.upTo(Duration.ofMillis(200)));
    return answer;
  }

  private void late(Call<?, ?> call) {
    try {
      call.make();
      world.tell(what + ": came late");
    } catch (Exception e) {
      world.tell(what + ": came too late, " + e);
    }
  }

  private <T> T asking(Call<T, RuntimeException> call) {
    try {
      return call(call);
    } catch (Unanswered e) {
      throw new CommandFailed(ExitCode.UNREACHABLE, "no answer", e);
    }
  }

  private JsonNode dynamoDb(String operation, JsonNode request) throws TaskFailure, IOException {
    try {
      return call(
          () -> {
            try {
              return world.dynamoDb.call(operation, request);
            } finally {
              world.checkFence();
            }
          });
    } catch (Unanswered e) {
      throw new IOException("no answer", e);
    }
  }

  // ---- executions

  /** On this machine the process carries runs out itself. */
  private Engine carries() {
    return world
        .aws()
        .orElseGet(
            () -> {
              if (own.isEmpty()) {
                own = Optional.of(world.engine());
              }
              return own.get();
            });
  }

  @Override
  public Optional<Execution> describe(String runId) {
    return asking(() -> world.looks().find(runId).map(world::execution).map(world::told));
  }

  @Override
  public String start(RunRequest request) throws ExecutionExists {
    try {
      return call(
          () -> {
            alive();
            var execution =
                carries().start(RunsWorld.MIGRATE, request.runId(), RunRequestJson.write(request));
            world.started(request.runId());
            world.live.put(request.runId(), execution);
            return execution.arn();
          },
          world.onAws);
    } catch (ExecutionAlreadyExists e) {
      throw new ExecutionExists(e);
    } catch (Unanswered e) {
      throw new CommandFailed(ExitCode.UNREACHABLE, "no answer", e);
    }
  }

  @Override
  public void redrive(Execution last, String token) throws NotRedriven {
    try {
      call(
          () -> {
            alive();
            if (world.isRepeated(token)) {
              return token;
            }
            var execution = carries().redrive(last.runId());
            world.redrives.put(token, now());
            world.tell("redriven " + last.runId());
            world.redrivenAt.put(last.runId(), now());
            world.live.put(last.runId(), execution);
            return token;
          },
          world.onAws);
    } catch (ExecutionNotRedrivable e) {
      throw new NotRedriven(String.valueOf(e.getMessage()), true, e);
    } catch (Unanswered e) {
      throw new NotRedriven("no answer", false, e);
    }
  }

  @Override
  public void stop(Execution execution, String why) {
    asking(
        () -> {
          if (execution.killed()) {
            try {
              return world.looks().abortKilled(execution.runId(), "Stopped", why);
            } catch (ExecutionIsRunning e) { // redriven just now; told as EngineExplanation does
              throw new CommandFailed(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
            }
          }
          Optional.ofNullable(world.live.get(execution.runId()))
              .ifPresent(known -> known.stop("Stopped", why));
          return true;
        });
  }

  @Override
  public Optional<Concurrency> concurrency(Execution execution) {
    return Optional.empty();
  }

  @Override
  public MapRuns mapRuns(Execution execution) {
    return asking(
        () ->
            new MapRuns(
                !world.looks().mapRuns(execution.runId()).isEmpty(),
                new SegmentCounts(2, 0, 0),
                Map.of()));
  }

  // ---- the place

  @Override
  public Executions executions() {
    return this;
  }

  @Override
  public Bookkeeping booksOf(String runId) {
    return new Bookkeeping(new Ledger(SimulatedClient.CLIENT, RunsWorld.LEDGER), settling);
  }

  @Override
  public Bookkeeping booksOver(String tableName) {
    return booksOf("");
  }

  @Override
  public void prepareBooksOver(String tableName) {}

  @Override
  public String caller(String tableName) {
    return "ana@here";
  }

  @Override
  public List<ListedRun> newestFirst() {
    return List.of();
  }

  @Override
  public RunResults results() {
    return new RunResults(
        new ResultFiles() {
          @Override
          public List<String> under(String prefix) {
            return List.of();
          }

          @Override
          public List<String> foldersIn(String folder) {
            return List.of();
          }

          @Override
          public boolean isChecked() {
            return true;
          }

          @Override
          public InputStream read(String name) throws IOException {
            throw new IOException("There are no files");
          }

          @Override
          public void write(String name, byte[] content) throws IOException {
            throw new IOException("There are no files");
          }
        });
  }

  @Override
  public String resultsLocation(String runId) {
    return "nowhere";
  }

  @Override
  public Map<String, String> addresses(String executionArn) {
    return Map.of();
  }

  @Override
  public void check(RunRequest request) {}

  @Override
  public Optional<String> warning(RunRequest request) {
    return Optional.empty();
  }

  @Override
  public long estimatedItems(RunRequest request) {
    return 0;
  }

  @Override
  public Optional<String> code(RunRequest request) {
    return world.onAws ? Optional.empty() : Optional.of("code" + world.version);
  }

  @Override
  public Code codeNow(RunRequest request) {
    return asking(() -> new Code("code" + world.version, String.valueOf(world.version)));
  }

  @Override
  public void accept(RunRequest request, Code code) {
    asking(() -> world.accepted.add(request.runId() + " " + code.digest()));
    if (world.onAws) {
      asking(() -> world.aliases.put("run-" + request.runId(), Integer.parseInt(code.version())));
    }
  }

  @Override
  public void hold(RunRequest request, Code code) {
    if (world.onAws
        && !code.version()
            .equals(asking(() -> String.valueOf(world.aliases.get("run-" + request.runId()))))) {
      accept(request, code);
    }
  }

  @Override
  public Optional<Heard> stayWith(String runId, RunObserver observer, StopSignal stop) {
    if (own.isEmpty() || !world.live.containsKey(runId)) {
      return Optional.empty();
    }
    var execution = world.live.get(runId);
    stop.onStop(() -> execution.stop("Stopped", "by its user"));
    while (execution.status() == ExecutionStatus.RUNNING) {
      alive();
      if (world.fate() == RunsWorld.Fate.DIES_AFTER) {
        die();
      }
      pause(Duration.ofSeconds(5), stop);
    }
    return Optional.of(new Heard(Tally.ZERO, Optional.empty(), Optional.empty()));
  }

  @Override
  public String unknownHolder(Lease.Holder holder) {
    return "not known here";
  }

  @Override
  public Manners manners() {
    return world.onAws
        ? new Manners(false, Duration.ofSeconds(30), Duration.ofMinutes(1), "", "", "", "")
        : new Manners(true, Duration.ofSeconds(1), Duration.ofSeconds(2), "", "", "", "");
  }

  @Override
  public void close() {}

  // ---- time

  @Override
  public Instant now() {
    return world.loop.now();
  }

  @Override
  public void pause(Duration longest, StopSignal stop) {
    alive();
    world.turns.pause(longest);
    alive();
  }

  private void patiently(Duration longest) {
    alive();
    world.turns.pause(longest);
    alive();
  }
}
