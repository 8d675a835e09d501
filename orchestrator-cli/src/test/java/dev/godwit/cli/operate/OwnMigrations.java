package dev.godwit.cli.operate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;

/** A folder of migrations, as a user writes them. */
final class OwnMigrations {
  private final Path folder;

  OwnMigrations(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** One that adds {@code attribute} to each item of {@code table} that lacks it. */
  void add(String id, String table, String attribute, String value) {
    write(
        id,
        table,
        "item.has(\"%s\") ? Change.keep() : Change.replace(item.with(\"%s\", \"%s\"))"
            .formatted(attribute, attribute, value));
  }

  /** One that does what {@code up}, of {@code item} and {@code context}, says. */
  void write(String id, String table, String up) {
    var name = "M" + id.replace("-", "").toUpperCase(Locale.ROOT);
    try {
      Files.writeString(
          Files.createDirectories(folder.resolve(id)).resolve(name + ".java"),
          """
          import dev.godwit.migration.*;
          public final class NAME implements Migration {
            public String id() { return "ID"; }
            public String table() { return "TABLE"; }
            public String description() { return "Of a test"; }
            public ItemTransform up() { return (item, context) -> UP; }
            public java.util.Optional<ItemTransform> down() {
              return java.util.Optional.of((item, context) -> Change.keep());
            }
          }
          """
              .replace("NAME", name)
              .replace("ID", id)
              .replace("TABLE", table)
              .replace("UP", up));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One whose way down is what {@code down} does. */
  void addGoingDown(String id, String table, String down) {
    add(id, table, "more", "1");
    var file =
        folder.resolve(id).resolve("M" + id.replace("-", "").toUpperCase(Locale.ROOT) + ".java");
    try {
      Files.writeString(
          file,
          Files.readString(file)
              .replace("return java.util.Optional.of((item, context) -> Change.keep());", down));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts {@code member} into the class of {@code id}, before its end. */
  void append(String id, String member) throws IOException {
    try (var files = Files.list(folder.resolve(id))) {
      for (Path file : files.toList()) {
        var text = Files.readString(file);
        Files.writeString(file, text.substring(0, text.lastIndexOf('}')) + member + "\n}\n");
      }
    }
  }

  void delete(String id) {
    deleteAll(folder.resolve(id));
  }

  /** Deletes {@code file}, if it is there, with all that is in it. */
  static void deleteAll(Path file) {
    if (!Files.exists(file)) {
      return;
    }
    try (var files = Files.walk(file)) {
      for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(one);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
