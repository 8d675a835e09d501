package dev.godwit.run.text;

import dev.godwit.migration.Source;

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
    return source instanceof Source.Scan ? "the table" : "its generator";
  }
}
