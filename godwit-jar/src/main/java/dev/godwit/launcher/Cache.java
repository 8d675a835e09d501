package dev.godwit.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;

/**
 * Where jars are kept, so that only the first start unpacks them.
 *
 * <p>A jar gets its name when it is written whole and is never changed: processes at once do each
 * other no harm, and a run of days keeps its classes whatever becomes of godwit.jar meanwhile.
 *
 * @param folder exists, and can be written
 */
record Cache(Path folder) {
  /** Whatever is to be kept: read once. */
  interface Content {
    InputStream open() throws IOException;
  }

  /**
   * The folder that {@code GODWIT_CACHE} names, else the user's own for such things, else a
   * temporary one for this process alone.
   *
   * @param environment the process's variables, by name
   * @throws IOException when the one that was named cannot be written
   */
  static Cache found(Map<String, String> environment) throws IOException {
    var named = environment.getOrDefault("GODWIT_CACHE", "");
    if (!named.isBlank()) {
      return new Cache(Files.createDirectories(Path.of(named)));
    }
    try {
      var folder = Files.createDirectories(usual(environment));
      if (Files.isWritable(folder)) {
        return new Cache(folder);
      }
    } catch (IOException e) {
      // no home to keep anything in; it works without
    }
    var temporary = new Cache(Files.createTempDirectory("godwit"));
    Runtime.getRuntime().addShutdownHook(new Thread(temporary::delete));
    return temporary;
  }

  private static Path usual(Map<String, String> environment) {
    var caches = environment.getOrDefault("XDG_CACHE_HOME", "");
    return (caches.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(caches))
        .resolve("godwit");
  }

  /**
   * The file {@code name} of the folder {@code key}, made of {@code content} if it is not there.
   *
   * @param key another for each content
   */
  Path file(String key, String name, Content content) throws IOException {
    var file = folder.resolve(key).resolve(name);
    if (Files.exists(file)) {
      return file;
    }
    var own = Files.createDirectories(folder.resolve(key));
    var unfinished = Files.createTempFile(own, name, ".unfinished");
    try (var read = content.open()) {
      Files.copy(read, unfinished, StandardCopyOption.REPLACE_EXISTING);
      return Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private void delete() {
    try (var all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      // a temporary folder is left; the system takes it away
    }
  }
}
