package dev.godwit.cli.launch;

import dev.godwit.cli.run.StopSignal;
import java.util.function.Supplier;

/** Where a user's wish to stop comes from: Ctrl-C, in the end. */
public interface Interrupts {
  /**
   * Does {@code work}, and passes a wish to stop on to {@code stop} while it lasts; a second one
   * asks it to cut off.
   */
  <T> T during(StopSignal stop, Supplier<T> work);
}
