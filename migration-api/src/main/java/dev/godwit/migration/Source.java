package dev.godwit.migration;

import java.util.List;
import java.util.Optional;

/** Where a migration's items come from. */
public sealed interface Source {
  /** From the table that the run is over: all of its items. */
  static Source scan() {
    return new Scan();
  }

  /**
   * From {@code generator}: items that no table holds yet. They are put into the run's target, or,
   * without one, into the run's own table, where nothing is.
   */
  static Source generator(ItemGenerator generator) {
    return new Generator(generator);
  }

  /**
   * From a file, or all files of a folder: one item on each line, or one JSON array of items; plain
   * or gzipped, which is seen by how a file begins.
   *
   * <p>With a target the items are put there. Without one they say which items of the run's table
   * are migrated, and as what they are taken: each is decided about as it is in the file, and
   * written if the table still holds what the decision was made from; otherwise it is decided about
   * again as it is there now, and nothing that has gone is brought back.
   *
   * @param location a path of the machine that the run is on, or {@code s3://bucket/key}; a folder
   *     ends with a slash
   */
  static Source file(String location, Format format) {
    return new File(location, format);
  }

  /** The same, of items as DynamoDB JSON. */
  static Source file(String location) {
    return file(location, Format.DYNAMODB_JSON);
  }

  /**
   * From an export of the run's table that DynamoDB has made to S3, full or incremental, as
   * DynamoDB JSON. Of an incremental one, items as they were at its end; those that were deleted by
   * then are left alone. With a target or without, as of a {@linkplain #file file}.
   *
   * @param manifest its summary, {@code s3://bucket/prefix/AWSDynamoDB/ID/manifest-summary.json},
   *     or the path of a copy
   */
  static Source export(String manifest) {
    return new Export(manifest);
  }

  /**
   * From a secondary index of the run's table: all items that are in it. A sparse index is the
   * cheap way to few items of a large table.
   *
   * <p>The index says which items; unless it projects all attributes, each is read by its key from
   * the table, consistently, before it is decided about.
   *
   * @param name of the index
   */
  static Index index(String name) {
    return new Index(name);
  }

  /**
   * From the run's table: the items with these partition keys.
   *
   * @param partitionKeys at least one, each a string, a number or binary, as the key is
   */
  static Query query(Value... partitionKeys) {
    return new Query(
        List.of(partitionKeys), Optional.empty(), Optional.empty(), Optional.empty(), false);
  }

  /**
   * The same, with the partition keys from a file.
   *
   * @param keys where they are: on each line an object that has the key, and perhaps more, which is
   *     left alone
   */
  static Query queryOfKeysIn(File keys) {
    return new Query(List.of(), Optional.of(keys), Optional.empty(), Optional.empty(), false);
  }

  /** The items of the run's table. */
  record Scan() implements Source {}

  /** The items of a secondary index of the run's table. */
  record Index(String name) implements Source {
    public Index {
      requireName(name);
    }
  }

  /**
   * The items with some partition keys, of the run's table or of an index of it.
   *
   * @param partitionKeys these keys; none when they are in a file
   * @param keysIn the file that has them
   * @param index whose partition keys they are; absent for the table's own
   * @param where which of the items with such a key; absent for all
   * @param isConsistent whether what was written just before is read for sure, for twice the units
   */
  record Query(
      List<Value> partitionKeys,
      Optional<File> keysIn,
      Optional<String> index,
      Optional<SortCondition> where,
      boolean isConsistent)
      implements Source {
    /**
     * How many bytes keys may have together, as DynamoDB JSON: they travel in a run's request,
     * which has 256 KiB in all.
     */
    public static final int MOST_BYTES_OF_KEYS = 32 * 1024;

    /**
     * @throws IllegalArgumentException when there are no keys, or such as no table has
     */
    public Query {
      partitionKeys = List.copyOf(partitionKeys);
      index.ifPresent(Source::requireName);
      if (partitionKeys.isEmpty() == keysIn.isEmpty()) {
        throw new IllegalArgumentException(
            "A query has partition keys, or a file of them: name at least one, and not both");
      }
      long bytes = 0;
      for (Value key : partitionKeys) {
        if (key.type() != AttributeType.S
            && key.type() != AttributeType.N
            && key.type() != AttributeType.B) {
          throw new IllegalArgumentException(
              "A partition key is a string, a number or binary, not a " + key.type());
        }
        bytes += DynamoDbJson.length(Item.empty().with("k", key));
      }
      if (bytes > MOST_BYTES_OF_KEYS) {
        throw new IllegalArgumentException(
            "So many partition keys belong into a file, one on each line: together they may have "
                + MOST_BYTES_OF_KEYS
                + " bytes, and have "
                + bytes);
      }
    }

    /** The same of the index {@code name}: the keys are its partition keys. */
    public Query ofIndex(String name) {
      return new Query(partitionKeys, keysIn, Optional.of(name), where, isConsistent);
    }

    /** The same, of the items only whose sort key is so. */
    public Query where(SortCondition sortKey) {
      return new Query(partitionKeys, keysIn, index, Optional.of(sortKey), isConsistent);
    }

    /** The same, read consistently, which the table and its local indexes can be. */
    public Query consistently() {
      return new Query(partitionKeys, keysIn, index, where, true);
    }
  }

  private static void requireName(String index) {
    if (index.isEmpty()) {
      throw new IllegalArgumentException("An index has a name, as in byStatus");
    }
  }

  /** Items that are made. */
  record Generator(ItemGenerator generator) implements Source {}

  /** The items of a file, or of the files of a folder. */
  record File(String location, Format format) implements Source {
    public File {
      if (location.isEmpty()) {
        throw new IllegalArgumentException(
            "A file is a path, as in items.jsonl.gz, or s3://bucket/key");
      }
    }
  }

  /** The items of an export. */
  record Export(String manifest) implements Source {
    /** The name of the file that says what an export is. */
    public static final String MANIFEST = "manifest-summary.json";

    public Export {
      if (!manifest.endsWith("/" + MANIFEST)) {
        throw new IllegalArgumentException(
            "An export is named by its summary, as in s3://bucket/AWSDynamoDB/ID/"
                + MANIFEST
                + ", not \""
                + manifest
                + "\"");
      }
    }
  }

  /** How an item is written in a file. */
  enum Format {
    /** Plain JSON: strings, numbers of up to 38 digits, booleans, null, arrays and objects. */
    JSON("json"),
    /** DynamoDB's own: each value under its type; perhaps all of it in {@code {"Item":{…}}}. */
    DYNAMODB_JSON("dynamodb-json");

    private final String word;

    Format(String word) {
      this.word = word;
    }

    /**
     * The format written {@code word}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Format of(String word) {
      for (Format format : values()) {
        if (format.word.equals(word)) {
          return format;
        }
      }
      throw new IllegalArgumentException(
          "format must be json or dynamodb-json, not \"" + word + "\"");
    }

    /** As it is written in options and requests. */
    @Override
    public String toString() {
      return word;
    }
  }
}
