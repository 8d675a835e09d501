package dev.godwit.worker;

import dev.godwit.run.slice.Hook;
import dev.godwit.run.slice.HookRequest;

/** What a migration does once for a run went wrong. It may go well the next time. */
public final class HookFailed extends WorkerException {
  private HookFailed(String message, Throwable cause) {
    super(message, cause);
  }

  public static HookFailed of(HookRequest request, Throwable cause) {
    return new HookFailed(
        "Migration "
            + request.migration()
            + " could not do what it does once "
            + request.hook()
            + " the run "
            + request.runId()
            + ": "
            + cause
            + (request.hook() == Hook.BEFORE
                ? ". No item was read or written. "
                : ". All items are done. ")
            + "Mend what is named, and redrive the run",
        cause);
  }
}
