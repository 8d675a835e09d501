package dev.godwit.worker.source;

import dev.godwit.migration.Source;
import dev.godwit.run.slice.GivenSource;
import dev.godwit.worker.TableRefused;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The files that a run reads, as they are now.
 *
 * @param source where they are, and how items are written there
 */
public record FoundSource(Source.File source, List<SourceFile> files) {
  /**
   * Looks for them.
   *
   * @throws TableRefused when there are none
   */
  public static FoundSource of(Source.File source, SourceFiles places) {
    return new FoundSource(source, places.find(source.location()));
  }

  /** The same, if they are as they were when the run began. */
  public FoundSource as(Optional<String> seen) {
    if (seen.isPresent() && !seen.get().equals(digest())) {
      if (files.size() == 1 && !source.location().endsWith("/")) {
        throw LocalSourceFiles.changed(files.get(0));
      }
      throw new TableRefused(
          "The files in "
              + source.location()
              + " are not those, or not as, they were when the run began: what is left was not read."
              + " Put back what was there and redrive the run, or run the migration again over the"
              + " files as they are",
          new IllegalStateException("changed"));
    }
    return this;
  }

  /** For each slice of the run that begins. */
  public GivenSource given() {
    return new GivenSource(source, Optional.of(digest()));
  }

  private String digest() {
    var all = new StringBuilder();
    for (SourceFile file : files) {
      all.append(file.address()).append('\n');
      all.append(file.bytes()).append('\n');
      all.append(file.version()).append('\n');
    }
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha.digest(all.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }
}
