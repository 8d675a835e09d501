package dev.godwit.cli.demo;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.demo.ItemLines.Line;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Item;
import dev.godwit.migration.Source.Format;
import dev.godwit.migration.Value;
import dev.godwit.worker.source.ItemText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Items from a file of JSON lines, perhaps gzipped. Read line by line, never held whole. */
final class ItemFile implements ItemSource {
  private final Path file;
  private final Format format;
  private final List<String> keyNames;
  private final List<AttributeType> keyTypes;
  private final long count;

  private ItemFile(
      Path file, Format format, List<String> keyNames, List<AttributeType> keyTypes, long count) {
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
   * @throws CommandFailed when a line is no item, has not the keys that it should, or the key of a
   *     line before; names the line
   */
  static ItemFile checked(Path file, Format format, List<String> keyNames) {
    var keyTypes = new ArrayList<AttributeType>();
    var count = new AtomicLong();
    var seen = new SeenKeys();
    try (var lines = ItemLines.of(file)) {
      lines.forEach(
          line -> {
            var key = checkedKey(file, line, format, keyNames, keyTypes);
            seen.see(key, line.number())
                .ifPresent(
                    before -> {
                      throw bad(
                          file,
                          line,
                          "it has the key of line "
                              + before
                              + ", and a table has one item of a key; take one of them out",
                          null);
                    });
            count.incrementAndGet();
          });
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
  public Stream<Numbered> items() {
    return ItemLines.of(file)
        .map(line -> new Numbered(line.number(), ItemText.parse(format, line.text())));
  }

  @Override
  public String name(long number) {
    return file + ", line " + number;
  }

  private static List<Value> checkedKey(
      Path file, Line line, Format format, List<String> keyNames, List<AttributeType> keyTypes) {
    Item item;
    try {
      item = ItemText.parse(format, line.text());
    } catch (IllegalArgumentException e) {
      throw bad(file, line, e.getMessage() + "; expected one item of format " + format, e);
    }
    var key = new ArrayList<Value>();
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
      key.add(value);
    }
    return key;
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
    return ItemLines.bad(file, line.number(), what, cause);
  }
}
