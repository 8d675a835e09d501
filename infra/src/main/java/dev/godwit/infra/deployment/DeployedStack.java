package dev.godwit.infra.deployment;

import java.util.OptionalDouble;

/** What a deployment has to know of the stack that is being deployed, and of its tables. */
interface DeployedStack {
  /** CloudFormation's status of a stack, as in {@code UPDATE_ROLLBACK_IN_PROGRESS}. */
  String status(String stackId);

  /** The version that the worker's alias stands for now. */
  String liveWorkerVersion();

  TableSize tableSize(String tableName);

  /**
   * How large and how fast a table is. DynamoDB counts items and bytes about every six hours.
   *
   * @param readUnitsPerSecond what it is provisioned or warm for, if that is known
   * @param writeUnitsPerSecond likewise
   */
  record TableSize(
      long items,
      long bytes,
      OptionalDouble readUnitsPerSecond,
      OptionalDouble writeUnitsPerSecond) {}
}
