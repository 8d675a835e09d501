package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.Source;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where items come from. */
final class SourceOptions {
  private static final String S3 = "s3://";
  private static final String SCAN = "scan";

  @Option(
      names = "--source",
      paramLabel = "WHERE",
      description =
          "Take the items from the file WHERE: a path, or s3://BUCKET/KEY; all files of a folder if a slash is behind it. One item on each line, or one JSON array, gzipped or not. 'scan': from the table, whatever the migration says. Default: the migration's own source, or the table.")
  private @Nullable String source;

  @Option(
      names = "--source-format",
      paramLabel = "FORMAT",
      description =
          "How items are written in that file: dynamodb-json, also as AWS exports it to S3, or json. Default: dynamodb-json.")
  private @Nullable String format;

  /**
   * What they say; absent when they say nothing.
   *
   * @throws CommandFailed when it cannot be
   */
  Optional<Source> source() {
    if (source == null || source.equals(SCAN)) {
      if (format != null) {
        throw refused(
            "--source-format says how items are written in a file: name it with --source, or leave"
                + " out --source-format");
      }
      return source == null ? Optional.empty() : Optional.of(Source.scan());
    }
    try {
      return Optional.of(
          absolute(
              format == null
                  ? new Source.File(source, Source.Format.DYNAMODB_JSON)
                  : new Source.File(source, Source.Format.of(format))));
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  /** The same, wherever the run goes on. */
  static Source absolute(Source source) {
    if (!(source instanceof Source.File file) || file.location().startsWith(S3)) {
      return source;
    }
    var path = Path.of(file.location()).toAbsolutePath().normalize().toString();
    return new Source.File(file.location().endsWith("/") ? path + "/" : path, file.format());
  }

  /** Whether {@code source} is a file of this machine. */
  static boolean isHere(Source source) {
    return source instanceof Source.File file && !file.location().startsWith(S3);
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was begun");
  }
}
