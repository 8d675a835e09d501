package dev.godwit.cli.demo;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Items from a file of JSON lines, perhaps gzipped. Read line by line, never held whole. */
final class ItemFile implements ItemSource {
  private final Path file;
  private final ItemFormat format;
  private final List<String> keyNames;
  private final List<AttributeType> keyTypes;
  private final long count;

  private ItemFile(
      Path file,
      ItemFormat format,
      List<String> keyNames,
      List<AttributeType> keyTypes,
      long count) {
    this.file = file;
    this.format = format;
    this.keyNames = keyNames;
    this.keyTypes = keyTypes;
    this.count = count;
  }

  /**
   * Reads {@code file} once through, so that a bad line is found before anything is written.
   *
   * @param keyNames the partition key, then perhaps the sort key
   * @throws CommandFailed when a line is no item, or has not the keys that it should; names the
   *     line
   */
  static ItemFile checked(Path file, ItemFormat format, List<String> keyNames) {
    var keyTypes = new ArrayList<AttributeType>();
    var count = new AtomicLong();
    try (var lines = lines(file)) {
      lines
          .filter(line -> !line.text().isBlank())
          .forEach(
              line -> {
                check(file, line, format, keyNames, keyTypes);
                count.incrementAndGet();
              });
    } catch (UncheckedIOException e) {
      throw unreadable(file, e);
    }
    if (count.get() == 0) {
      throw new CommandFailed(ExitCode.BAD_USAGE, "There are no items in " + file);
    }
    return new ItemFile(file, format, List.copyOf(keyNames), List.copyOf(keyTypes), count.get());
  }

  @Override
  public String[] keys() {
    var keys = new String[keyNames.size()];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = keyNames.get(i) + ":" + keyTypes.get(i);
    }
    return keys;
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public Stream<Item> items() {
    return lines(file)
        .filter(line -> !line.text().isBlank())
        .map(line -> format.parse(line.text()));
  }

  private static void check(
      Path file,
      Line line,
      ItemFormat format,
      List<String> keyNames,
      List<AttributeType> keyTypes) {
    Item item;
    try {
      item = format.parse(line.text());
    } catch (IllegalArgumentException e) {
      throw bad(file, line, e.getMessage() + "; expected one item of format " + format, e);
    }
    for (int i = 0; i < keyNames.size(); i++) {
      var name = keyNames.get(i);
      var value = item.find(name).orElse(null);
      if (value == null) {
        throw bad(
            file, line, "the item has no " + name + ", which --key names as a key attribute", null);
      }
      checkKey(file, line, name, value);
      if (keyTypes.size() == i) {
        keyTypes.add(value.type());
      } else if (keyTypes.get(i) != value.type()) {
        throw bad(
            file,
            line,
            "the key "
                + name
                + " is of type "
                + value.type()
                + ", not "
                + keyTypes.get(i)
                + " as on the lines before",
            null);
      }
    }
  }

  private static void checkKey(Path file, Line line, String name, Value value) {
    boolean allowed =
        switch (value.type()) {
          case S -> !value.asString().isEmpty();
          case B -> value.asBinary().length > 0;
          case N -> true;
          default -> false;
        };
    if (!allowed) {
      throw bad(
          file,
          line,
          "the key " + name + " must be a string, a number or binary, and not empty",
          null);
    }
  }

  private static CommandFailed bad(Path file, Line line, String what, @Nullable Exception cause) {
    return new CommandFailed(
        ExitCode.BAD_USAGE,
        file + ", line " + line.number() + ": " + what + ". Nothing was written",
        cause);
  }

  private static CommandFailed unreadable(Path file, Exception e) {
    return new CommandFailed(
        ExitCode.BAD_USAGE,
        e instanceof NoSuchFileException
            ? "There is no file " + file
            : file + " cannot be read: " + e.getMessage(),
        e);
  }

  private static Stream<Line> lines(Path file) {
    try {
      var reader =
          new BufferedReader(
              new InputStreamReader(open(file), StandardCharsets.UTF_8.newDecoder()));
      var number = new AtomicLong();
      return reader
          .lines()
          .map(text -> new Line(number.incrementAndGet(), text))
          .onClose(() -> close(reader));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  @SuppressWarnings("StreamResourceLeak") // closed with the reader
  private static InputStream open(Path file) throws IOException {
    var in = Files.newInputStream(file);
    return file.toString().endsWith(".gz") ? new GZIPInputStream(in, 1 << 16) : in;
  }

  private static void close(BufferedReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Line(long number, String text) {}
}
