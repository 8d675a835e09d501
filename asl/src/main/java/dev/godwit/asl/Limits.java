package dev.godwit.asl;

/** Step Functions' own limits, which the engine holds executions to. */
final class Limits {
  /**
   * Bytes of UTF-8 that a state's input, arguments, result or output may have.
   *
   * <p>Source: Step Functions Developer Guide, "Service quotas", maximum input or output size for a
   * task, state, or execution: 256 KiB; read 2026-11-20.
   */
  static final int PAYLOAD_BYTES = 256 * 1024;

  /**
   * Bytes that all variables of one {@code Assign} may have together.
   *
   * <p>Source: Developer Guide, "Passing data between states with variables", limits; read
   * 2026-11-20.
   */
  static final int ASSIGN_BYTES = 256 * 1024;

  /**
   * Bytes that all variables of one execution may have together: 10 MiB.
   *
   * <p>Source: Developer Guide, "Passing data between states with variables", limits; read
   * 2026-11-20.
   */
  static final int VARIABLES_BYTES = 10 * 1024 * 1024;

  /**
   * Events that the history of one execution may have; a Map Run's children have one each.
   *
   * <p>Source: Developer Guide, "Service quotas", maximum execution history size: 25,000; read
   * 2026-11-20.
   */
  static final int HISTORY_EVENTS = 25_000;

  /**
   * Children of one Map Run at once, which is also what {@code MaxConcurrency} 0 means.
   *
   * <p>Source: Developer Guide, "Distributed mode", concurrency: 10,000; read 2026-11-20.
   */
  static final int MAP_RUN_CHILDREN = 10_000;

  /**
   * Iterations of an inline Map at once; AWS promises no more than 40.
   *
   * <p>Source: Developer Guide, "Using Map state in Inline mode"; read 2026-11-20.
   */
  static final int INLINE_ITERATIONS = 40;

  /** Characters of an execution's or a state's name. Source: "Service quotas"; read 2026-11-20. */
  static final int NAME_CHARACTERS = 80;

  /**
   * Characters of a Map state's {@code Label}.
   *
   * <p>Source: Developer Guide, "Distributed mode", Label; read 2026-11-20.
   */
  static final int LABEL_CHARACTERS = 40;

  /** Source: States Language, "Timeouts": the default of {@code TimeoutSeconds}; 2026-11-20. */
  static final long LONGEST_SECONDS = 99_999_999;

  private Limits() {}
}
