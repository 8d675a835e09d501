package dev.godwit.run.slice;

import dev.godwit.migration.Migration;
import dev.godwit.migration.RunHook;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a migration may have to do once for a run. */
public enum Hook {
  /** Before the first item is read. */
  BEFORE,
  /** After the last item is written. */
  AFTER;

  /**
   * Reads one by its {@link #toString()}.
   *
   * @throws IllegalArgumentException when there is none of that name
   */
  public static Hook of(String text) {
    return Arrays.stream(values())
        .filter(hook -> hook.toString().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "hook must be one of " + List.of(values()) + ", not \"" + text + "\""));
  }

  /** What {@code migration} does then, if it does anything. */
  public Optional<RunHook> of(Migration migration) {
    return switch (this) {
      case BEFORE -> migration.beforeRun();
      case AFTER -> migration.afterRun();
    };
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
