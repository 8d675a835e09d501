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
import java.util.ArrayList;
import java.util.HashMap;
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
    var kept = new ArrayList<BeforeImageFile>();
    var ofSegment = new HashMap<String, Long>();
    for (String key : files.under(ResultsLayout.folder(runId, Kind.BEFORE_IMAGES) + "/")) {
      BeforeImageFile.read(key).ifPresent(kept::add);
    }
    for (BeforeImageFile file : kept) {
      var folder = file.key().substring(0, file.key().lastIndexOf('/'));
      ofSegment.merge(folder, (long) file.images(), Long::sum);
    }
    for (var segment : counted.entrySet()) {
      var folder = ResultsLayout.folder(runId, Kind.BEFORE_IMAGES, segment.getKey());
      long there = ofSegment.getOrDefault(folder, 0L);
      if (there < segment.getValue()) {
        throw gone(
            String.format(
                Locale.ROOT,
                "of %,d before-images in %s %,d are gone",
                segment.getValue(),
                address(folder),
                segment.getValue() - there));
      }
    }
    var gap = BeforeImageFile.gap(kept);
    if (gap.isPresent()) {
      throw gone("the file of before-images " + address(gap.get()) + " is gone");
    }
    if (!files.isChecked()) {
      readAll(kept);
    }
    return kept.stream().mapToLong(BeforeImageFile::images).sum();
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
