package dev.godwit.worker.code;

import dev.godwit.migration.Migration;
import dev.godwit.run.code.CodeDigest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells which code a migration is, so that a run can be held to the code that it began with: a
 * digest of the jar or folder that the migration's class was loaded from. A jar has the digest of
 * the folder that it was made of, whenever and by whom it was packed.
 *
 * <p>What the migration uses from other jars is not part of it.
 *
 * <p>Each jar or folder is read once. Thread-safe.
 */
@Singleton
public final class MigrationCode {
  private final Map<URI, String> known = new ConcurrentHashMap<>();

  /** One that has read nothing yet. */
  @Inject
  public MigrationCode() {}

  /**
   * The {@link CodeDigest} of the jar or folder that {@code migration}'s class came from.
   *
   * <p>For a class that came from no file it is that of the class alone.
   */
  public String digest(Migration migration) {
    var type = migration.getClass();
    CodeSource source = type.getProtectionDomain().getCodeSource();
    URL location = source == null ? null : source.getLocation();
    if (location == null || !"file".equals(location.getProtocol())) {
      return alone(type);
    }
    try {
      return known.computeIfAbsent(location.toURI(), MigrationCode::read);
    } catch (URISyntaxException e) {
      throw new IllegalStateException("The place of " + type.getName() + " is no address", e);
    }
  }

  private static String read(URI location) {
    var path = Path.of(location);
    try {
      return CodeDigest.of(path);
    } catch (IOException e) {
      throw new UncheckedIOException("The migration's code in " + path + " cannot be read", e);
    }
  }

  private static String alone(Class<?> type) {
    var name = type.getName().replace('.', '/') + ".class";
    var digest = new CodeDigest();
    try (var content = type.getResourceAsStream("/" + name)) {
      digest.add(name, content == null ? new byte[0] : content.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("The class " + type.getName() + " cannot be read", e);
    }
    return digest.hex();
  }
}
