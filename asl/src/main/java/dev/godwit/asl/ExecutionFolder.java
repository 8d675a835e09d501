package dev.godwit.asl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One execution on disk: {@code definition.json}, {@code execution.json}, {@code journal.jsonl},
 * {@code map-runs/}; and {@code lock}, which the process that runs it holds and a dead one cannot.
 */
final class ExecutionFolder implements AutoCloseable {
  private static final int LOCK_TRIES = 50;

  /**
   * The lock files that this process holds. They are the process's as a whole, not an engine's: on
   * Linux, closing any channel to such a file gives the lock away, so a file in here must not even
   * be opened.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private volatile @Nullable FileChannel lockChannel;

  ExecutionFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * What is known of an execution.
   *
   * @param identity tells it from any other execution of its name, in another folder or after it
   * @param stoppedAt empty while it runs
   * @param output of one that succeeded
   * @param error of one that did not
   */
  record State(
      String machine,
      String name,
      String identity,
      JsonNode input,
      ExecutionStatus status,
      Instant startedAt,
      int redriveCount,
      Optional<Instant> redrivenAt,
      Optional<Instant> stoppedAt,
      Optional<JsonNode> output,
      Optional<StateError> error) {

    ExecutionNames names() {
      return new ExecutionNames(machine, name, identity);
    }

    State ended(
        ExecutionStatus how, Instant at, Optional<JsonNode> result, Optional<StateError> why) {
      return new State(
          machine,
          name,
          identity,
          input,
          how,
          startedAt,
          redriveCount,
          redrivenAt,
          Optional.of(at),
          result,
          why);
    }

    State redriven(Instant at) {
      return new State(
          machine,
          name,
          identity,
          input,
          ExecutionStatus.RUNNING,
          startedAt,
          redriveCount + 1,
          Optional.of(at),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }
  }

  boolean exists() {
    return Files.exists(file("execution.json"));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  /**
   * Makes it, locked.
   *
   * @return false if somebody else made it meanwhile; then it is not locked
   */
  boolean create(StateMachine machine, State state) {
    boolean created = false;
    try {
      Files.createDirectories(folder);
      try {
        lock();
      } catch (ExecutionIsRunning e) {
        return false;
      }
      if (!exists()) {
        Files.writeString(file("definition.json"), machine.definition());
        write(state);
        created = true;
      }
      return created;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!created) {
        unlock();
      }
    }
  }

  /**
   * @throws ExecutionIsRunning if another engine, in this process or another, runs it
   */
  void lock() {
    for (int tries = 0; !tryLock(); tries++) {
      // Somebody may just be looking (isLocked), which takes the lock for a moment.
      if (tries == LOCK_TRIES) {
        throw new ExecutionIsRunning(
            "the execution in " + folder + " is being run by another process");
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  private boolean tryLock() {
    Path file = file("lock").toAbsolutePath().normalize();
    if (!HELD.add(file)) {
      return false;
    }
    FileLock lock = null;
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      lock = channel.tryLock();
      if (lock == null) {
        channel.close();
        return false;
      }
      lockChannel = channel;
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (lock == null) {
        HELD.remove(file);
      }
    }
  }

  void unlock() {
    FileChannel channel = lockChannel;
    lockChannel = null;
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } finally {
        HELD.remove(file("lock").toAbsolutePath().normalize());
      }
    }
  }

  /** Gives the lock back. */
  @Override
  public void close() {
    unlock();
  }

  /** Whether some living process, this one included, runs it. */
  boolean isLocked() {
    if (!tryLock()) {
      return true;
    }
    unlock();
    return false;
  }

  Journal openJournal() {
    return Journal.open(file("journal.jsonl"));
  }

  /** What is kept of its Map Runs, oldest first. */
  List<SavedMapRun> mapRuns() {
    Path runs = file("map-runs");
    if (!Files.isDirectory(runs)) {
      return List.of();
    }
    try (Stream<Path> folders = Files.list(runs)) {
      return folders
          .flatMap(run -> SavedMapRun.read(run).stream())
          .sorted(Comparator.comparing(SavedMapRun::begunAt))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads all that a redrive needs.
   *
   * @throws ExecutionDamaged if something is missing that no crash takes
   */
  void check() {
    boolean begun;
    try (Journal journal = openJournal()) {
      begun = journal.entry("").isPresent();
    }
    Path runs = file("map-runs");
    if (!Files.isDirectory(runs)) {
      return;
    }
    if (!begun) {
      throw new ExecutionDamaged(
          file("journal.jsonl"), "it does not say where the execution stood");
    }
    try (Stream<Path> folders = Files.list(runs)) {
      folders.forEach(MapRunFolder::check);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  StateMachine readMachine(String name) {
    try {
      return StateMachine.parse(name, Files.readString(file("definition.json")));
    } catch (InvalidDefinition | CharacterCodingException e) {
      throw new ExecutionDamaged(file("definition.json"), "it is no definition any more", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Replaces what is known, at once and durably: after a power cut it is the old or the new. */
  void write(State state) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.put("machine", state.machine())
        .put("name", state.name())
        .put("identity", state.identity())
        .put("status", state.status().name())
        .put("startedAt", state.startedAt().toString())
        .put("redriveCount", state.redriveCount());
    node.set("input", state.input());
    state.redrivenAt().ifPresent(at -> node.put("redrivenAt", at.toString()));
    state.stoppedAt().ifPresent(at -> node.put("stoppedAt", at.toString()));
    state.output().ifPresent(output -> node.set("output", output));
    state.error().ifPresent(error -> node.set("error", error.json()));
    Path next = file("execution.json.next");
    try {
      try (FileChannel channel =
          FileChannel.open(
              next,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        java.nio.ByteBuffer bytes = java.nio.ByteBuffer.wrap(Json.bytes(node));
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          next,
          file("execution.json"),
          StandardCopyOption.REPLACE_EXISTING,
          StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  State read() {
    try {
      JsonNode node = Json.parse(Files.readString(file("execution.json")));
      return new State(
          node.get("machine").textValue(),
          node.get("name").textValue(),
          node.get("identity").textValue(),
          node.get("input"),
          ExecutionStatus.valueOf(node.get("status").textValue()),
          Instant.parse(node.get("startedAt").textValue()),
          node.get("redriveCount").intValue(),
          instant(node, "redrivenAt"),
          instant(node, "stoppedAt"),
          Optional.ofNullable(node.get("output")),
          Optional.ofNullable(node.get("error"))
              .map(e -> new StateError(e.get("Error").asText(), e.get("Cause").asText())));
    } catch (JsonProcessingException
        | CharacterCodingException
        | NullPointerException
        | IllegalArgumentException
        | DateTimeParseException e) {
      throw new ExecutionDamaged(file("execution.json"), "it is not what was written", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<Instant> instant(JsonNode node, String field) {
    return Optional.ofNullable(node.get(field)).map(n -> Instant.parse(n.textValue()));
  }
}
