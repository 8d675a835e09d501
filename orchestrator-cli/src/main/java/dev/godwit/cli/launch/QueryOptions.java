package dev.godwit.cli.launch;

import dev.godwit.migration.SortCondition;
import dev.godwit.migration.Source;
import dev.godwit.migration.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which items of the table, or of an index, a run takes. */
final class QueryOptions {
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d+)?");

  private static final Pattern BETWEEN = Pattern.compile("between\\s+(.+?)\\s+and\\s+(.+)");

  private static final Pattern OTHERS = Pattern.compile("(<=|>=|=|<|>|begins_with(?=\\s))\\s*(.+)");

  @Option(
      names = "--partition-key",
      paramLabel = "VALUE",
      description =
          "Take only the items of the table that have this partition key, or, with --source index:NAME, of that index. May be given several times. What looks like a number is one; a text that does is written with double quotes, as in '\"7\"'. Default: none.")
  private List<String> partitionKeys = new ArrayList<>();

  @Option(
      names = "--partition-keys",
      paramLabel = "WHERE",
      description =
          "The same, of all partition keys in the file WHERE: a path, or s3://BUCKET/KEY, with an object on each line that has the key, in --source-format. Default: none.")
  private @Nullable String partitionKeysIn;

  @Option(
      names = "--sort-key",
      paramLabel = "CONDITION",
      description =
          "Of these, only the items whose sort key is so: '= X', '< X', '<= X', '> X', '>= X', 'between X and Y', or 'begins_with X'. Default: all.")
  private @Nullable String sortKey;

  @Option(
      names = "--consistent",
      description =
          "Read these consistently, for twice the units; a global index cannot be. Default: no.")
  private boolean consistent;

  /** Whether they ask for anything. */
  boolean isAsked() {
    return !partitionKeys.isEmpty() || partitionKeysIn != null || sortKey != null || consistent;
  }

  /**
   * What they ask for.
   *
   * @param source what else is said of where items come from
   * @param format how keys are written in their file
   * @throws IllegalArgumentException when that cannot be; the message says why
   */
  Source.Query query(Optional<String> source, Optional<Source.Format> format) {
    if (partitionKeys.isEmpty() && partitionKeysIn == null) {
      throw new IllegalArgumentException(
          "--sort-key and --consistent are about items with some partition keys: name these with"
              + " --partition-key or --partition-keys");
    }
    if (partitionKeysIn == null && format.isPresent()) {
      throw new IllegalArgumentException(
          "--source-format says how partition keys are written in a file: name it with"
              + " --partition-keys, or leave out --source-format");
    }
    return new Source.Query(
        partitionKeys.stream().map(QueryOptions::value).toList(),
        Optional.ofNullable(partitionKeysIn)
            .map(it -> new Source.File(it, format.orElse(Source.Format.DYNAMODB_JSON))),
        source.map(QueryOptions::index),
        Optional.ofNullable(sortKey).map(QueryOptions::condition),
        consistent);
  }

  private static String index(String source) {
    if (!source.startsWith(SourceOptions.INDEX)) {
      throw new IllegalArgumentException(
          "Partition keys are those of the table, or of an index of it: leave out --source, or give"
              + " --source index:NAME");
    }
    return source.substring(SourceOptions.INDEX.length());
  }

  private static SortCondition condition(String text) {
    var between = BETWEEN.matcher(text.strip());
    if (between.matches()) {
      return SortCondition.isBetween(value(between.group(1)), value(between.group(2)));
    }
    var other = OTHERS.matcher(text.strip());
    if (!other.matches()) {
      throw new IllegalArgumentException(
          "--sort-key is '= X', '< X', '<= X', '> X', '>= X', 'between X and Y' or 'begins_with X',"
              + " not '"
              + text
              + "'");
    }
    var operator = SortCondition.Operator.of(other.group(1));
    var value = value(other.group(2).strip());
    // Numbers have no beginning.
    return new SortCondition(
        operator,
        List.of(
            operator == SortCondition.Operator.BEGINS_WITH && value instanceof Value.NumberValue
                ? Value.string(other.group(2).strip())
                : value));
  }

  /** A number if it looks so, unless it is in double quotes. */
  private static Value value(String text) {
    if (text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")) {
      return Value.string(text.substring(1, text.length() - 1));
    }
    return NUMBER.matcher(text).matches() ? new Value.NumberValue(text) : Value.string(text);
  }
}
