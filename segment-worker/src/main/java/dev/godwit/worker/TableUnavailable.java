package dev.godwit.worker;

import org.jspecify.annotations.Nullable;

/**
 * DynamoDB, or the results location, did not answer, or went on throttling, for longer than the
 * client tries. What was written stays; the cursor has not moved, so the same slice can be tried
 * again.
 */
public final class TableUnavailable extends WorkerException {
  public TableUnavailable(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
