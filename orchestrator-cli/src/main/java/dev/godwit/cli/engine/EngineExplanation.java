package dev.godwit.cli.engine;

import dev.godwit.asl.ExecutionAlreadyExists;
import dev.godwit.asl.ExecutionDamaged;
import dev.godwit.asl.ExecutionIsRunning;
import dev.godwit.asl.ExecutionNotRedrivable;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import java.util.Optional;

/** Words for what the embedded engine throws, where nobody knew better. */
public final class EngineExplanation {
  private EngineExplanation() {}

  /** Empty when {@code thrown} is not the engine's. */
  public static Optional<CommandFailed> of(Throwable thrown) {
    if (thrown instanceof ExecutionIsRunning) {
      return refused(
          "Another process carries that run on just now; nothing was changed. Watch it: 'godwit watch RUN'",
          thrown);
    }
    if (thrown instanceof ExecutionDamaged) {
      return Optional.of(
          new CommandFailed(
              ExitCode.UNREACHABLE,
              "What is kept of the run cannot be used: "
                  + thrown.getMessage()
                  + ". Nothing was begun, and what is written stays written. Put the file back, or start a new one, under another --run-id, which keeps what is migrated already; 'godwit release --table TABLE' tells whether the table is free",
              thrown));
    }
    if (thrown instanceof ExecutionNotRedrivable || thrown instanceof ExecutionAlreadyExists) {
      return refused("Nothing was changed: " + thrown.getMessage(), thrown);
    }
    return Optional.empty();
  }

  private static Optional<CommandFailed> refused(String why, Throwable cause) {
    return Optional.of(new CommandFailed(ExitCode.BAD_USAGE, why, cause));
  }
}
