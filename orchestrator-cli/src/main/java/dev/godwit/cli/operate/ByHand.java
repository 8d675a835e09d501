package dev.godwit.cli.operate;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.lifecycle.RunLifecycle;

/** What commands that change a history by hand have in common. */
final class ByHand {
  private ByHand() {}

  /**
   * The ledger refuses that, too; here it is said by whom and what to do.
   *
   * @throws CommandFailed while a run holds the table
   */
  static void refuseWhileHeld(RunLifecycle runs, String table) {
    runs.obstacle(table)
        .ifPresent(
            why -> {
              throw new CommandFailed(ExitCode.BAD_USAGE, "Nothing was changed. " + why);
            });
  }
}
