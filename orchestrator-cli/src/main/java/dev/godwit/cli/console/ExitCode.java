package dev.godwit.cli.console;

/** What the process answers to its caller. */
public enum ExitCode {
  DONE(0, "Done."),
  RUN_FAILED(1, "The run ended, but not well: see the summary and the failure records."),
  BAD_USAGE(2, "What was asked for cannot be done; nothing was written."),
  UNREACHABLE(
      3,
      "The table, AWS, the folder of runs or stdout could not be reached, or refused; what was under way is left as it is."),
  FAULT(70, "A fault of Godwit's own."),
  HUNG_UP(129, "Stopped, for its terminal was closed (the HUP signal)."),
  STOPPED(130, "Stopped by Ctrl-C or 'godwit stop'."),
  TERMINATED(143, "Stopped by 'kill' (the TERM signal).");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /** One line for people. */
  public String meaning() {
    return meaning;
  }

  public int code() {
    return code;
  }
}
