package dev.godwit.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder of migrations, written by a test. */
final class Written {
  private final Path folder;

  Written(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** A migration that adds an attribute, in a folder that is named by its id. */
  Written migration(String id, String className) {
    return source(id + "/" + className + ".java", java(id, className, "\"new\""));
  }

  Written source(String name, String text) {
    var file = folder.resolve(name);
    try {
      Files.createDirectories(file.resolveSibling("."));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  /** The Java of such a migration. */
  static String java(String id, String className, String value) {
    return """
    import dev.godwit.migration.*;
    public class CLASS implements Migration {
      public String id() { return "ID"; }
      public String table() { return "Users"; }
      public String description() { return "Test"; }
      public ItemTransform up() {
        return (item, context) -> Change.replace(item.with("a", VALUE));
      }
    }
    """
        .replace("CLASS", className)
        .replace("ID", id)
        .replace("VALUE", value);
  }
}
