package dev.godwit.run.results;

import java.util.Locale;

/**
 * Where the files of runs are below a results location, a bucket or a folder laid out like one:
 *
 * <pre>
 * runs/RUN/MAP-RUN/manifest.json …           what Step Functions' ResultWriter writes
 * runs/RUN/failures/segment-00017/…          items that failed
 * runs/RUN/deferred/segment-00017.jsonl      says that the segment has kept actions for after the scan
 * runs/RUN/deferred-actions/segment-00017/…  those actions
 * runs/RUN/failed-actions/segment-00017/…    those that were refused
 * runs/RUN/before-images/segment-00017/…     what items held before they were written
 * runs/RUN/export/segment-00017/…             items as they are, of a run that exports them
 * runs/RUN/samples/segment-00017/…           changes that a run which writes nothing would make
 * runs/RUN/accepted-code/DIGEST              code that the run may go on with, beside what it began with
 * runs/RUN/report.html                       a page about the run, once it has ended
 * runs/RUN/plan.json                         the plan that it began with, if it had to have one
 * </pre>
 */
public final class ResultsLayout {
  /** All that runs write is below this. */
  public static final String RUNS = "runs/";

  private ResultsLayout() {}

  /** What the files of one kind are about. */
  public enum Kind {
    /** Items that failed. */
    FAILURES("failures"),
    /** A file for each segment that has kept actions on other tables for after the scan. */
    DEFERRED("deferred"),
    /** Those actions. */
    DEFERRED_ACTIONS("deferred-actions"),
    /** Deferred actions that were refused. */
    FAILED_ACTIONS("failed-actions"),
    /** What items held in the attributes that a write was about to touch. */
    BEFORE_IMAGES("before-images"),
    /** Items as they are, of a run that exports them. */
    EXPORT("export"),
    /** Some of the changes that a run which writes nothing would make. */
    SAMPLES("samples"),
    /** Names of code that the run may go on with, beside the code that it began with. */
    ACCEPTED_CODE("accepted-code");

    private final String folder;

    Kind(String folder) {
      this.folder = folder;
    }

    /** The name of the folder, below a run's. */
    public String folder() {
      return folder;
    }
  }

  /** The page about a run. */
  public static String report(String runId) {
    return folder(runId) + "/report.html";
  }

  /** The plan of a run, as JSON. */
  public static String plan(String runId) {
    return folder(runId) + "/plan.json";
  }

  /** The folder of a run: no slash at its end. */
  public static String folder(String runId) {
    return RUNS + runId;
  }

  /** The folder of a run's files of one kind: no slash at its end. */
  public static String folder(String runId, Kind kind) {
    return folder(runId) + "/" + kind.folder();
  }

  /** The folder of one segment's files of one kind: no slash at its end. */
  public static String folder(String runId, Kind kind, int segment) {
    return String.format(Locale.ROOT, "%s/segment-%05d", folder(runId, kind), segment);
  }

  /** The file that says that a segment has kept actions for after the scan. */
  public static String deferred(String runId, int segment) {
    return folder(runId, Kind.DEFERRED, segment) + ".jsonl";
  }

  /** The empty file that says that a run may go on with the code of this digest. */
  public static String acceptedCode(String runId, String digest) {
    return folder(runId, Kind.ACCEPTED_CODE) + "/" + digest;
  }

  /** All runs' files of one kind, with an asterisk for the run and one for the file. */
  public static String pattern(Kind kind) {
    return folder("*", kind) + "/*";
  }
}
