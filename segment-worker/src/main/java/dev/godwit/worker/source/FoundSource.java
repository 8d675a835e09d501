package dev.godwit.worker.source;

import dev.godwit.migration.Source;
import dev.godwit.run.slice.GivenSource;
import dev.godwit.worker.TableRefused;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a run reads instead of its table, as it is now. */
public final class FoundSource {
  private final Source source;
  private final SourceFiles places;
  private final List<SourceFile> files;
  private final Optional<ExportManifest> manifest;

  private FoundSource(
      Source source,
      SourceFiles places,
      List<SourceFile> files,
      Optional<ExportManifest> manifest) {
    this.source = source;
    this.places = places;
    this.files = files;
    this.manifest = manifest;
  }

  /**
   * Looks for {@code source}; empty if that is nothing beside the table.
   *
   * @param table the run's
   * @throws TableRefused when it is not there, or cannot be taken for what it should be
   */
  public static Optional<FoundSource> of(Source source, String table, SourceFiles places) {
    if (source instanceof Source.File file) {
      return Optional.of(
          new FoundSource(source, places, places.find(file.location()), Optional.empty()));
    }
    if (source instanceof Source.Export export) {
      return Optional.of(
          new FoundSource(
              source, places, List.of(), Optional.of(ExportManifest.of(export, table, places))));
    }
    return Optional.empty();
  }

  /** The same, if it is as it was when the run began. */
  public FoundSource as(Optional<String> seen) {
    if (seen.isPresent() && !seen.get().equals(digest())) {
      if (source instanceof Source.File file && !file.location().endsWith("/")) {
        throw LocalSourceFiles.changed(files.get(0));
      }
      throw new TableRefused(
          "What is at "
              + (source instanceof Source.File file
                  ? file.location()
                  : ((Source.Export) source).manifest())
              + " is not as it was when the run began: what is left was not read."
              + " Put back what was there and redrive the run, or run the migration again over what"
              + " is there now",
          new IllegalStateException("changed"));
    }
    return this;
  }

  /** For each slice of the run that begins. */
  public GivenSource given() {
    return new GivenSource(source, Optional.of(digest()));
  }

  /** The pages of one segment's part. */
  FilePages pages(int segment, int totalSegments, List<String> distinct) {
    return manifest
        .map(export -> FilePages.ofExport(places, export.files(), segment, totalSegments, distinct))
        .orElseGet(
            () ->
                new FilePages(
                    places,
                    files,
                    ((Source.File) source).format(),
                    segment,
                    totalSegments,
                    distinct));
  }

  private String digest() {
    if (manifest.isPresent()) {
      return Digests.sha256(manifest.get().seen().getBytes(StandardCharsets.UTF_8));
    }
    var all = new StringBuilder();
    for (SourceFile file : files) {
      all.append(file.address()).append('\n');
      all.append(file.bytes()).append('\n');
      all.append(file.version()).append('\n');
    }
    return Digests.sha256(all.toString().getBytes(StandardCharsets.UTF_8));
  }
}
