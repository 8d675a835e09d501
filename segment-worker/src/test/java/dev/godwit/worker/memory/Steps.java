package dev.godwit.worker.memory;

/**
 * Told before and after everything that changes something outside of the process, so that a test
 * can let it die there, or let somebody else come in between.
 */
@FunctionalInterface
public interface Steps {
  Steps UNDISTURBED = what -> {};

  /**
   * Another step is done.
   *
   * @param what the kind of step, as in {@code after a write}
   * @throws Crash to let the process die here
   */
  void step(String what);

  /** The process has died: nothing that it would do afterwards happens. */
  final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Crash() {
      super("Told to crash here", null, false, false);
    }
  }
}
