package dev.godwit.worker;

import org.jspecify.annotations.Nullable;

/**
 * The slice request, or the migration that it names, cannot be run. Nothing was written; trying
 * again is no help.
 */
public final class BadSliceRequest extends WorkerException {
  public BadSliceRequest(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
