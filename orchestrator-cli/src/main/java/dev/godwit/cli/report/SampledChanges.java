package dev.godwit.cli.report;

import dev.godwit.worker.record.RecordStore;
import dev.godwit.worker.record.SampleRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The changes that a run without writes has sampled, as people read them. */
public final class SampledChanges {
  /** As many as anybody looks at. */
  static final int MOST = 20;

  private SampledChanges() {}

  /**
   * At most {@value #MOST} sampled changes of the run {@code runId}, from segments all over the
   * table; the same ones each time.
   *
   * @return the diffs, each of several lines; none when the run would change nothing
   */
  public static List<String> of(RecordStore records, String runId) {
    var files = new ArrayList<>(records.list("runs/" + runId + "/samples/"));
    Collections.shuffle(files, new Random(runId.hashCode()));
    var diffs = new ArrayList<String>();
    for (String file : files) {
      for (SampleRecord sample : parsed(records, file)) {
        if (diffs.size() == MOST) {
          return diffs;
        }
        diffs.add(SampleDiff.of(sample.key(), sample.before(), sample.after()));
      }
    }
    return diffs;
  }

  private static List<SampleRecord> parsed(RecordStore records, String file) {
    try {
      return SampleRecord.parse(records.read(file));
    } catch (IOException e) {
      throw new UncheckedIOException("The samples " + records.address(file) + " cannot be read", e);
    }
  }
}
