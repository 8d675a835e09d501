package dev.godwit.cli.lifecycle;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.ledger.Lease;
import java.util.Optional;

/**
 * The run that holds a table, and whether the table can be taken from it.
 *
 * @param lease as it was read
 * @param holder of that lease
 * @param state how that run stands, as far as can be told from here; for people
 * @param refusal why the table is not taken from it, and what to do instead; empty when it can be
 * @param capacityBefore what the table's capacity was, if the run has raised it and nobody has
 *     lowered it since; JSON, as {@code docs/ledger.md} has it
 */
public record TableHolder(
    String tableName,
    Lease lease,
    Lease.Holder holder,
    String state,
    Optional<String> refusal,
    Optional<String> capacityBefore) {
  /**
   * The one of {@code holder} that the user means.
   *
   * @throws CommandFailed when the table is free, another run holds it, or it is not to be taken
   */
  static TableHolder confirmed(Optional<TableHolder> holder, String tableName, String runId) {
    var held =
        holder.orElseThrow(
            () -> refused("The table " + tableName + " is free; nothing was changed"));
    if (!held.holder.runId().equals(runId)) {
      throw refused(
          "The table "
              + tableName
              + " is held by the run "
              + held.holder.runId()
              + " since "
              + held.holder.since()
              + ", not by "
              + runId
              + "; nothing was changed");
    }
    held.refusal.ifPresent(
        why -> {
          throw refused(why + " Nothing was changed.");
        });
    return held;
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why);
  }
}
