package dev.godwit.cli.ledger;

import java.util.Optional;

/**
 * Who may migrate a table.
 *
 * @param fence grows by one with each taking; whoever writes for a run does it only while the fence
 *     that it knows is still the lease's. 0 for a table that nobody has ever taken
 * @param holder who has the table; empty when it is free
 */
public record Lease(long fence, Optional<Holder> holder) {
  /** Of a table that nobody has ever taken. */
  static final Lease NEVER_TAKEN = new Lease(0, Optional.empty());

  /** Whether the execution {@code arn} holds the table. */
  public boolean isHeldBy(String arn) {
    return holder.filter(held -> held.executionArn().equals(arn)).isPresent();
  }

  /**
   * A run that has a table.
   *
   * @param executionArn the execution that carries it out
   * @param since when it took the table, ISO-8601
   */
  public record Holder(String runId, String executionArn, String since) {}
}
