package dev.godwit.migration;

/**
 * Something to do once for a run, not once for each item: make what the transform looks things up
 * in, switch a reader over when all is done.
 *
 * <p>It is called at least once: again when the worker dies in it or its answer is lost, three
 * times more when it throws, and by a redrive of a run that has failed there. Done twice it must
 * leave what once leaves.
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
