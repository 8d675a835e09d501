package dev.godwit.migration;

import java.util.Collection;

/** A migration was named that is not there. Nothing was changed. */
public final class UnknownMigrationException extends GodwitException {
  UnknownMigrationException(String id, Collection<String> known) {
    super(
        "There is no migration "
            + id
            + "; "
            + (known.isEmpty()
                ? "none is on the class path (is the jar with your migrations there?)"
                : "known: " + String.join(", ", known)));
  }
}
