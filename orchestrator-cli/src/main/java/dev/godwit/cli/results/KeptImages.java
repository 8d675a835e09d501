package dev.godwit.cli.results;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.run.results.BeforeImageFile;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.results.ResultsLayout.Kind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/** The before-images that a run has kept, looked at before it is undone. */
final class KeptImages {
  private final ResultFiles files;
  private final String runId;
  private final String location;

  KeptImages(ResultFiles files, String runId, String location) {
    this.files = files;
    this.runId = runId;
    this.location = location;
  }

  /**
   * How many there are.
   *
   * @param counted how many each segment that has succeeded has kept at least
   * @throws CommandFailed when some are gone or damaged
   */
  long checked(Map<Integer, Long> counted) throws IOException {
    var all = ResultsLayout.folder(runId, Kind.BEFORE_IMAGES) + "/";
    var there = new HashSet<String>();
    long images = 0;
    for (String segment : files.foldersIn(all)) {
      there.add(all + segment);
      var kept = BeforeImageFile.lastFirst(files.under(all + segment + "/"));
      var gap = BeforeImageFile.gap(kept);
      if (gap.isPresent()) {
        throw gone("before-images are gone from " + address(all + segment) + ": " + gap.get());
      }
      if (!files.isChecked()) {
        readAll(kept);
      }
      long ofSegment = kept.stream().mapToLong(BeforeImageFile::images).sum();
      checkCount(all + segment, ofSegment, counted);
      images += ofSegment;
    }
    for (var segment : counted.entrySet()) {
      var folder = ResultsLayout.folder(runId, Kind.BEFORE_IMAGES, segment.getKey());
      if (segment.getValue() > 0 && !there.contains(folder)) {
        checkCount(folder, 0, counted);
      }
    }
    return images;
  }

  private void checkCount(String folder, long there, Map<Integer, Long> counted) {
    int segment = Integer.parseInt(folder.substring(folder.lastIndexOf('-') + 1));
    long kept = counted.getOrDefault(segment, 0L);
    if (there < kept) {
      throw gone(
          String.format(
              Locale.ROOT,
              "of %,d before-images in %s %,d are gone",
              kept,
              address(folder),
              kept - there));
    }
  }

  private void readAll(List<BeforeImageFile> kept) throws IOException {
    for (BeforeImageFile file : kept) {
      long lines;
      try (var in =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(files.read(file.key())), StandardCharsets.UTF_8))) {
        lines = in.lines().count();
      } catch (IOException | UncheckedIOException e) {
        throw new CommandFailed(
            ExitCode.BAD_USAGE,
            refusal(
                "the before-images in "
                    + address(file.key())
                    + " are damaged ("
                    + e.getMessage()
                    + ")"),
            e);
      }
      if (lines != file.images()) {
        throw gone("the before-images in " + address(file.key()) + " are damaged");
      }
    }
  }

  private CommandFailed gone(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, refusal(why));
  }

  private String refusal(String why) {
    return "The run "
        + runId
        + " cannot be undone: "
        + why
        + ". Nothing was started. Put them back if you have a copy, or restore the table from a backup";
  }

  private String address(String key) {
    return location + key.substring(ResultsLayout.folder(runId).length());
  }
}
