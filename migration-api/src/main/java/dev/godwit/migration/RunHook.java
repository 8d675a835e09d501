package dev.godwit.migration;

/**
 * Something to do once for a run, not once for each item: make what the transform looks things up
 * in, switch a reader over when all is done.
 *
 * <p>It is called at least once: a worker that dies in it, or loses its answer, is asked again, and
 * so is one whose hook failed, three times and after each redrive. Done twice it must leave what
 * once leaves.
 *
 * <p>On AWS it has as long as an invocation of the worker's function, at most 15 minutes, and the
 * permissions of that function.
 */
@FunctionalInterface
public interface RunHook {
  /**
   * Does it.
   *
   * @throws Exception and the run has failed, before its first item or after its last; it can be
   *     redriven
   */
  void run(RunContext run) throws Exception;
}
