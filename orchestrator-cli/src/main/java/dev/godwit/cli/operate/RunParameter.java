package dev.godwit.cli.operate;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Which run. */
final class RunParameter {
  @Parameters(
      paramLabel = "RUN",
      arity = "1",
      converter = Id.class,
      description = "The run's id, as it was told at its start; 'godwit runs' lists them.")
  private String runId = "";

  String runId() {
    return runId;
  }

  static final class Id implements ITypeConverter<String> {
    @Override
    public String convert(String text) {
      if (!text.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}")) {
        throw new TypeConversionException(
            "give a run's id, 1 to 64 letters, digits, - and _, not '" + text + "'");
      }
      return text;
    }
  }
}
