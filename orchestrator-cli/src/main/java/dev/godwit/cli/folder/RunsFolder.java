package dev.godwit.cli.folder;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.godwit.cli.ledger.LedgerTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Optional;

/**
 * What is kept of local runs beside their executions, in {@code runs/}: {@code <runId>.json}, where
 * the run's table is and where its migrations are from, so that a redrive need not be told again;
 * {@code <runId>.stop}, there while the run is asked to stop by another process.
 */
public final class RunsFolder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  /**
   * @param home the folder of local runs
   */
  public RunsFolder(Path home) {
    this.folder = home.resolve("runs");
  }

  /** Keeps where the run {@code runId} comes from; before it begins. */
  public void keep(String runId, Origin origin) {
    var json = JsonNodeFactory.instance.objectNode();
    origin.endpoint().ifPresent(endpoint -> json.put("endpoint", endpoint.toString()));
    json.put("region", origin.region());
    json.put("ledger", origin.ledgerTable());
    var jars = json.putArray("migrationsJars");
    origin.migrationsJars().forEach(jar -> jars.add(jar.toString()));
    try {
      Files.createDirectories(folder);
      var next = folder.resolve(runId + ".json.next");
      Files.write(next, JSON.writeValueAsBytes(json));
      Files.move(
          next,
          folder.resolve(runId + ".json"),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException("The run " + runId + " cannot be noted in " + folder, e);
    }
  }

  /** Where the run {@code runId} comes from; empty if that was not kept. */
  public Optional<Origin> origin(String runId) {
    var file = folder.resolve(runId + ".json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      var json = JSON.readTree(Files.readAllBytes(file));
      var jars = new ArrayList<Path>();
      for (JsonNode jar : json.path("migrationsJars")) {
        jars.add(Path.of(jar.asText()));
      }
      return Optional.of(
          new Origin(
              json.has("endpoint")
                  ? Optional.of(URI.create(json.get("endpoint").asText()))
                  : Optional.empty(),
              json.path("region").asText(),
              json.path("ledger").asText(LedgerTable.OF_MACHINES),
              jars));
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be read", e);
    }
  }

  /** Asks the process that runs {@code runId} to stop; it looks a few times a second. */
  public void askToStop(String runId) {
    try {
      Files.createDirectories(folder);
      Files.write(stopFile(runId), new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("The run " + runId + " cannot be asked to stop", e);
    }
  }

  public boolean isAskedToStop(String runId) {
    return Files.exists(stopFile(runId));
  }

  /** The wish to stop is granted, or out of date. */
  public void forgetStop(String runId) {
    try {
      Files.deleteIfExists(stopFile(runId));
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + stopFile(runId) + " cannot be deleted", e);
    }
  }

  private Path stopFile(String runId) {
    return folder.resolve(runId + ".stop");
  }
}
