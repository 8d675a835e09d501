package dev.godwit.cli.console;

import java.time.Duration;
import java.util.OptionalInt;

/** A terminal, and whoever sits before it. */
public interface Seat {
  /** How wide it is at present; cheap to ask. */
  int columns();

  /** That it may have another size now, or other settings: its window was, or it was away. */
  void changed();

  /**
   * From now on its keys come one by one and are not shown, until {@link #restore}; Ctrl-C and its
   * kin still are signals.
   *
   * @return false when it cannot do that
   */
  boolean takeKeys();

  /**
   * The next key, if one is pressed soon; only between {@link #takeKeys} and {@link #restore}.
   *
   * @param longest how long to wait for it
   */
  OptionalInt key(Duration longest);

  /** Leaves the terminal as it was found. May be called at any time, from any thread, again. */
  void restore();
}
