package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.Source;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where items come from. */
final class SourceOptions {
  private static final String S3 = "s3://";
  private static final String SCAN = "scan";
  private static final String ARN = "arn:";

  /** What the name of an export begins with that the ledger knows. */
  static final String EXPORT_FOR = "export:";

  /** Before the name of an index. */
  static final String INDEX = "index:";

  @Option(
      names = "--source",
      paramLabel = "WHERE",
      description =
          "Take the items from the file WHERE: a path, or s3://BUCKET/KEY; all files of a folder if a slash is behind it. One item on each line, or one JSON array, gzipped or not. Or from an export of DynamoDB to S3: its ARN, the path of its manifest-summary.json, or export:MIGRATION for the newest one that 'godwit export --point-in-time --migration MIGRATION', or a deployment, has made. 'index:NAME': from the secondary index NAME of the table. 'scan': from the table, whatever the migration says. Default: the migration's own source, or the table.")
  private @Nullable String source;

  @Option(
      names = "--source-format",
      paramLabel = "FORMAT",
      description =
          "How items, or partition keys, are written in that file: dynamodb-json, also as AWS exports it to S3, or json. Default: dynamodb-json.")
  private @Nullable String format;

  @Mixin private QueryOptions query = new QueryOptions();

  /**
   * What they say; absent when they say nothing.
   *
   * @param exports knows where the summary of an export is that is named by its ARN, or by {@link
   *     #EXPORT_FOR} and what it was made for
   * @throws CommandFailed when it cannot be
   */
  Optional<Source> source(UnaryOperator<String> exports) {
    try {
      return query.isAsked()
          ? Optional.of(absolute(query.query(Optional.ofNullable(source), format())))
          : sourceAlone(exports);
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  private Optional<Source.Format> format() {
    return Optional.ofNullable(format).map(Source.Format::of);
  }

  private Optional<Source> sourceAlone(UnaryOperator<String> exports) {
    if (source == null || isNoFile(source)) {
      if (format != null) {
        throw refused(
            "--source-format says how items are written in a file: name it with --source, or leave"
                + " out --source-format");
      }
      return Optional.ofNullable(source).map(there -> ofNoFile(there, exports));
    }
    return Optional.of(
        absolute(new Source.File(source, format().orElse(Source.Format.DYNAMODB_JSON))));
  }

  private static boolean isNoFile(String source) {
    return source.equals(SCAN)
        || source.startsWith(INDEX)
        || isNamed(source)
        || source.endsWith("/" + Source.Export.MANIFEST)
        || source.equals(Source.Export.MANIFEST);
  }

  private static boolean isNamed(String source) {
    return source.startsWith(ARN) || source.startsWith(EXPORT_FOR);
  }

  private static Source ofNoFile(String source, UnaryOperator<String> exports) {
    if (source.equals(SCAN)) {
      return Source.scan();
    }
    if (source.startsWith(INDEX)) {
      return Source.index(source.substring(INDEX.length()));
    }
    var manifest = isNamed(source) ? exports.apply(source) : source;
    return absolute(Source.export(manifest.startsWith(S3) ? manifest : absolute(manifest)));
  }

  /** The same, wherever the run goes on. */
  static Source absolute(Source source) {
    if (isHere(source) && source instanceof Source.File file) {
      return absolute(file);
    }
    if (isHere(source) && source instanceof Source.Query query) {
      return new Source.Query(
          query.partitionKeys(),
          query.keysIn().map(SourceOptions::absolute),
          query.index(),
          query.where(),
          query.isConsistent());
    }
    return isHere(source) && source instanceof Source.Export export
        ? Source.export(absolute(export.manifest()))
        : source;
  }

  private static Source.File absolute(Source.File file) {
    var path = absolute(file.location());
    return new Source.File(file.location().endsWith("/") ? path + "/" : path, file.format());
  }

  private static String absolute(String path) {
    return Path.of(path).toAbsolutePath().normalize().toString();
  }

  /** Whether {@code source} is on this machine. */
  static boolean isHere(Source source) {
    return location(source).filter(there -> !there.startsWith(S3)).isPresent();
  }

  /** The path or address of what is read; empty where that is no file. */
  static Optional<String> location(Source source) {
    if (source instanceof Source.File file) {
      return Optional.of(file.location());
    }
    if (source instanceof Source.Query query) {
      return query.keysIn().map(Source.File::location);
    }
    return source instanceof Source.Export export
        ? Optional.of(export.manifest())
        : Optional.empty();
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was begun");
  }
}
