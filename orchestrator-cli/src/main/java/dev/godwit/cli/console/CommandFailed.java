package dev.godwit.cli.console;

import dev.godwit.migration.GodwitException;
import org.jspecify.annotations.Nullable;

/** A command cannot go on. Its message is all that the user is told. */
public final class CommandFailed extends GodwitException {
  private final ExitCode exitCode;

  public CommandFailed(ExitCode exitCode, String message) {
    this(exitCode, message, null);
  }

  public CommandFailed(ExitCode exitCode, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  public ExitCode exitCode() {
    return exitCode;
  }
}
