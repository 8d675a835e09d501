package dev.godwit.worker;

import dev.godwit.migration.GodwitException;
import org.jspecify.annotations.Nullable;

/**
 * The base of what ends a slice early. Step Functions sees the fully qualified name of the class,
 * so definitions name these classes in {@code ErrorEquals}. Messages never hold the contents of
 * items.
 */
public abstract class WorkerException extends GodwitException {
  protected WorkerException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
