package dev.godwit.worker;

/**
 * The worker holds other code for the migration than the run began with. Nothing was written;
 * trying again is no help until somebody says which code it shall be.
 */
public final class TransformChanged extends WorkerException {
  private static final int SHOWN = 12;

  private TransformChanged(String message) {
    super(message, null);
  }

  /** Of a run that has begun. */
  public static TransformChanged since(
      String runId, String migration, String begunWith, String here) {
    return new TransformChanged(
        "The run "
            + runId
            + " began with other code for the migration "
            + migration
            + " (digest "
            + start(begunWith)
            + ") than this worker has ("
            + start(here)
            + "). Nothing was written here. Put the former code back and redrive the run, or, if the"
            + " run is to go on with the code as it is now, redrive it with --accept-new-code");
  }

  /** Of a run that was about to begin. */
  public static TransformChanged before(
      String runId, String migration, String expected, String here) {
    return new TransformChanged(
        "The run "
            + runId
            + " was to begin with other code for the migration "
            + migration
            + " (digest "
            + start(expected)
            + ") than this worker has ("
            + start(here)
            + "). It never began. Deploy the code that you want to run, or start a new run from the"
            + " code that is deployed");
  }

  private static String start(String digest) {
    return digest.length() > SHOWN ? digest.substring(0, SHOWN) : digest;
  }
}
