package dev.godwit.cli.report;

import dev.godwit.cli.run.RunEnding;
import dev.godwit.worker.record.SampleRecord;

/** The changes that a run without writes has sampled, as people read them. */
public final class SampledChanges {
  private SampledChanges() {}

  /** The diffs, several lines each; empty when the run has sampled nothing. */
  public static String of(RunEnding ending) {
    var text = new StringBuilder();
    for (SampleRecord sample : ending.samples()) {
      text.append(System.lineSeparator())
          .append(SampleDiff.of(sample.key(), sample.before(), sample.after()));
    }
    return text.isEmpty() ? "" : "Some of what would change:" + text;
  }
}
