package dev.godwit.worker.dynamodb;

import dev.godwit.run.Counter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells what throttled a request or a statement: by the reasons that DynamoDB gives, or else by its
 * code. What it says in words is for people, and names a table and an index in one breath.
 */
final class Throttling {
  /**
   * Exceptions: API reference, ProvisionedThroughputExceededException, ThrottlingException and
   * RequestLimitExceeded. Without the suffix: BatchStatementError and CancellationReason; read
   * 2026-11-25.
   */
  private static final Map<String, Counter> BY_CODE =
      Map.of(
          "ProvisionedThroughputExceededException", Counter.THROTTLES,
          "ProvisionedThroughputExceeded", Counter.THROTTLES,
          "ThrottlingException", Counter.THROTTLES,
          "ThrottlingError", Counter.THROTTLES,
          "RequestLimitExceeded", Counter.ACCOUNT_THROTTLES);

  private static final String OF_INDEX = "Index";
  private static final String PROVISIONED = "ProvisionedThroughputExceeded";

  /**
   * How the sixteen reasons end, each of which begins with Table or Index and goes on with Read or
   * Write. API reference, ThrottlingReason, in exceptions since 2025-08-14; read 2026-11-25.
   */
  private static final Map<String, Counter> BY_LIMIT =
      Map.of(
          "KeyRangeThroughputExceeded", Counter.PARTITION_THROTTLES,
          "AccountLimitExceeded", Counter.ACCOUNT_THROTTLES,
          "MaxOnDemandThroughputExceeded", Counter.MAXIMUM_THROTTLES);

  private Throttling() {}

  /** What throttled the statement that was answered with {@code code}; absent if nothing did. */
  static Optional<Counter> by(String code) {
    return by(code, List.of());
  }

  /**
   * What throttled the request that was refused with {@code code}; absent if nothing did.
   *
   * @param reasons as in {@code TableWriteKeyRangeThroughputExceeded}; perhaps none
   */
  static Optional<Counter> by(String code, List<String> reasons) {
    var byCode = BY_CODE.get(code);
    if (byCode == null) {
      return Optional.empty();
    }
    return Optional.of(reasons.isEmpty() ? byCode : by(reasons.get(0), byCode));
  }

  private static Counter by(String reason, Counter byCode) {
    for (Map.Entry<String, Counter> limit : BY_LIMIT.entrySet()) {
      if (reason.endsWith(limit.getKey())) {
        return limit.getValue();
      }
    }
    if (reason.startsWith(OF_INDEX)) {
      return Counter.INDEX_THROTTLES;
    }
    return reason.endsWith(PROVISIONED) ? Counter.TABLE_THROTTLES : byCode;
  }
}
