package dev.godwit.migration;

import org.jspecify.annotations.Nullable;

/**
 * The base of every exception that Godwit throws on purpose. Its message says what happened, what
 * it means for the data, and what to do next; it never holds the contents of an item.
 */
public class GodwitException extends RuntimeException {
  public GodwitException(String message) {
    super(message);
  }

  public GodwitException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
