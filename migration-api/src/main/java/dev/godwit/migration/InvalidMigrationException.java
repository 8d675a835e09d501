package dev.godwit.migration;

import org.jspecify.annotations.Nullable;

/** A migration that cannot be run as it is, or not over this table. Nothing was changed. */
public final class InvalidMigrationException extends GodwitException {
  InvalidMigrationException(String message) {
    this(message, null);
  }

  InvalidMigrationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
