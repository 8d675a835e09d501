package dev.godwit.cli.launch;

import picocli.CommandLine.Option;

/** The option that says how things are told. */
public final class OutputOption {
  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text, or json on stdout. Default: ${DEFAULT-VALUE}.")
  private Format format = Format.text;

  private enum Format {
    text,
    json
  }

  public boolean json() {
    return format == Format.json;
  }
}
