package dev.godwit.worker;

/**
 * The worker holds other code for the migration than the run began with. Nothing was written;
 * trying again is no help until somebody says which code it shall be.
 */
public final class TransformChanged extends WorkerException {
  private static final int SHOWN = 12;

  public TransformChanged(String runId, String migration, String begunWith, String here) {
    super(
        "The run "
            + runId
            + " began with other code for the migration "
            + migration
            + " (digest "
            + start(begunWith)
            + ") than this worker has ("
            + start(here)
            + "). Nothing was written here. Put the former code back and redrive the run, or, if the"
            + " run is to go on with the code as it is now, redrive it with --accept-new-code",
        null);
  }

  private static String start(String digest) {
    return digest.length() > SHOWN ? digest.substring(0, SHOWN) : digest;
  }
}
