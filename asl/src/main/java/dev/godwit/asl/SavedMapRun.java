package dev.godwit.asl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;

/**
 * What the disk says of a Map Run, whoever runs it.
 *
 * @param id its UUID, the name of its folder among the results
 * @param begunAt when it was first begun; a redrive goes on with the same Map Run
 * @param total its items
 * @param succeeded children that have succeeded
 * @param failed children that have failed since it was begun or redriven; those that were only
 *     stopped are not among them
 */
public record SavedMapRun(String id, Instant begunAt, int total, int succeeded, int failed) {

  /** Empty when a crash came before all of it was written. */
  static Optional<SavedMapRun> read(Path folder) {
    Path settings = folder.resolve("settings.json");
    Path name = folder.getFileName();
    if (name == null || !Files.exists(settings)) {
      return Optional.empty();
    }
    try {
      var kept = MapRunFolder.Settings.of(Json.parse(Files.readString(settings)));
      return Optional.of(
          new SavedMapRun(
              name.toString(),
              Files.getLastModifiedTime(settings).toInstant(),
              kept.total(),
              succeeded(folder.resolve("succeeded.jsonl")),
              failed(folder.resolve("failed.jsonl"))));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static int succeeded(Path file) {
    // A child that a crash caught just after its end may be there twice.
    BitSet indexes = new BitSet();
    if (Files.exists(file)) {
      LineFile.forEach(file, (line, at) -> indexes.set(Json.parse(line).get("n").intValue()));
    }
    return indexes.cardinality();
  }

  private static int failed(Path file) {
    int[] failed = {0};
    if (Files.exists(file)) {
      LineFile.forEach(
          file,
          (line, at) -> {
            if (!Json.parse(line).path("r").path("Status").asText().equals("ABORTED")) {
              failed[0]++;
            }
          });
    }
    return failed[0];
  }
}
