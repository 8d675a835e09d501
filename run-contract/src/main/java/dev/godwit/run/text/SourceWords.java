package dev.godwit.run.text;

import dev.godwit.migration.Source;
import dev.godwit.migration.Value;
import java.util.List;
import java.util.stream.Collectors;

/** Says where items come from, for people. */
public final class SourceWords {
  private SourceWords() {}

  /** As in {@code s3://bucket/items.jsonl.gz (dynamodb-json)}. */
  public static String of(Source source) {
    if (source instanceof Source.File file) {
      return file.location() + " (" + file.format() + ")";
    }
    if (source instanceof Source.Export export) {
      return export.manifest();
    }
    if (source instanceof Source.Index index) {
      return "the index " + index.name();
    }
    if (source instanceof Source.Query query) {
      return of(query);
    }
    return source instanceof Source.Scan ? "the table" : "its generator";
  }

  /** As in {@code 3 partition keys of the index byOwner, sort key begins_with "ORDER#"}. */
  private static String of(Source.Query query) {
    var words = new StringBuilder();
    words.append(
        query
            .keysIn()
            .map(file -> "the partition keys in " + of(file))
            .orElseGet(() -> ofKeys(query.partitionKeys())));
    query.index().ifPresent(name -> words.append(" of the index ").append(name));
    query
        .where()
        .ifPresent(
            where ->
                words
                    .append(", sort key ")
                    .append(where.operator())
                    .append(' ')
                    .append(
                        where.values().stream()
                            .map(SourceWords::of)
                            .collect(Collectors.joining(" and "))));
    return words.toString();
  }

  private static String ofKeys(List<Value> keys) {
    return keys.size() == 1
        ? "the partition key " + of(keys.get(0))
        : keys.size() + " partition keys";
  }

  private static String of(Value key) {
    return switch (key.type()) {
      case S -> "\"" + key.asString() + "\"";
      case N -> key.asNumber().toString();
      default -> "(binary)";
    };
  }
}
