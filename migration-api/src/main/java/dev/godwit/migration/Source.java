package dev.godwit.migration;

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

  /** The items of the run's table. */
  record Scan() implements Source {}

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
