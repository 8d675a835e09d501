package dev.godwit.cli.report;

import dev.godwit.cli.run.RunEnding;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.Throttles;
import dev.godwit.run.Counter;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequest;
import dev.godwit.run.SourceRules;
import dev.godwit.run.text.TerminalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What people should know of a run's ending beside its figures. */
public final class EndingRemarks {
  private EndingRemarks() {}

  /** Sentences. */
  public static List<String> of(RunRequest request, RunEnding ending) {
    var remarks = new ArrayList<String>();
    ending.error().ifPresent(error -> remarks.add("The run did not succeed: " + error));
    if (ending.status() == RunStatus.FAILED || ending.segments().failed() > 0) {
      remarks.add(
          "Which segments failed, and what is on record: 'godwit report " + ending.runId() + "'.");
    }
    if (failed(ending) > 0) {
      remarks.add("Failure records, with the items as they were: " + ending.resultsLocation());
    }
    remarks.addAll(Throttles.advice(ending.tally()));
    if (request.mode() == Mode.VERIFY && ending.status() == RunStatus.SUCCEEDED) {
      remarks.addAll(notVerified(ending));
    }
    return remarks.stream().map(TerminalText::ofLines).toList();
  }

  /** What a run that has succeeded has left undone, and how to do it; empty when all is done. */
  public static Optional<String> stillToDo(RunRequest request, RunEnding ending) {
    if (ending.status() != RunStatus.SUCCEEDED || request.mode() != Mode.APPLY) {
      return Optional.empty();
    }
    if (ending.segments().failed() > 0) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%,d segments, which may hold items that were never read: run the migration once more",
              ending.segments().failed()));
    }
    if (failed(ending) > 0 && request.undo().isPresent()) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%,d items, which were changed since, or whose old place is taken: look at their failure records",
              failed(ending)));
    }
    if (failed(ending) > 0 && areMade(request, ending)) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%,d items, which were made and not put: look at their failure records, and run the migration once more",
              failed(ending)));
    }
    if (failed(ending) > 0) {
      return Optional.of(
          String.format(
              Locale.ROOT,
              "%,d items, which failed; to offer them again: the same command with --retry-failures %s",
              failed(ending),
              ending.runId()));
    }
    return request
        .source()
        .filter(from -> SourceRules.readsTheTable(from) && !SourceRules.isWholeTable(from))
        .map(
            from ->
                "the table's other items, if they are meant, too: the same command without the"
                    + " index or the keys");
  }

  /** Only a generator's items are put into the run's own table. */
  private static boolean areMade(RunRequest request, RunEnding ending) {
    return request.target().isEmpty()
        && ending.tally().count(Counter.PUT) + ending.tally().count(Counter.THERE_ALREADY) > 0;
  }

  /** Whether a run has answered what it was asked: that the transform keeps every item. */
  public static boolean isVerified(RunEnding ending) {
    return notVerified(ending).isEmpty();
  }

  private static List<String> notVerified(RunEnding ending) {
    var remarks = new ArrayList<String>();
    if (ending.tally().count(Counter.UPDATED) + ending.tally().count(Counter.DELETED) > 0) {
      remarks.add("Not verified: the transform would still change items of this table.");
    }
    if (ending.tally().count(Counter.PUT) + ending.tally().count(Counter.DIFFERENT) > 0) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "Not verified: of what the transform makes of the items, %,d are not in the target, and %,d are there otherwise.",
              ending.tally().count(Counter.PUT),
              ending.tally().count(Counter.DIFFERENT)));
    }
    if (failed(ending) > 0) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "Not verified: of %,d items nobody knows, for the transform failed.",
              failed(ending)));
    }
    if (ending.segments().failed() > 0) {
      remarks.add(
          String.format(
              Locale.ROOT,
              "Not verified: %,d segments failed, and were not read to their ends.",
              ending.segments().failed()));
    }
    return remarks;
  }

  private static long failed(RunEnding ending) {
    return ending.tally().count(Counter.FAILED);
  }
}
