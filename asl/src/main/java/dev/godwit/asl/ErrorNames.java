package dev.godwit.asl;

import java.util.Set;

/**
 * The error names that Step Functions itself gives.
 *
 * <p>Source: Step Functions Developer Guide, "Handling errors in Step Functions workflows", and
 * Amazon States Language, Appendix A; read 2026-11-20.
 */
final class ErrorNames {
  static final String ALL = "States.ALL";
  static final String DATA_LIMIT_EXCEEDED = "States.DataLimitExceeded";
  static final String EXCEED_TOLERATED_FAILURE_THRESHOLD = "States.ExceedToleratedFailureThreshold";
  static final String ITEM_READER_FAILED = "States.ItemReaderFailed";
  static final String NO_CHOICE_MATCHED = "States.NoChoiceMatched";
  static final String QUERY_EVALUATION_ERROR = "States.QueryEvaluationError";
  static final String RESULT_WRITER_FAILED = "States.ResultWriterFailed";
  static final String RUNTIME = "States.Runtime";
  static final String TASK_FAILED = "States.TaskFailed";
  static final String TIMEOUT = "States.Timeout";

  /** Every name beginning with {@code States.} that a definition may wait for. */
  static final Set<String> KNOWN =
      Set.of(
          ALL,
          DATA_LIMIT_EXCEEDED,
          EXCEED_TOLERATED_FAILURE_THRESHOLD,
          ITEM_READER_FAILED,
          NO_CHOICE_MATCHED,
          QUERY_EVALUATION_ERROR,
          RESULT_WRITER_FAILED,
          RUNTIME,
          TASK_FAILED,
          TIMEOUT,
          "States.BranchFailed",
          "States.HeartbeatTimeout",
          "States.Http.Socket",
          "States.IntrinsicFailure",
          "States.ParameterPathFailure",
          "States.Permissions",
          "States.ResultPathMatchFailure");

  private ErrorNames() {}
}
