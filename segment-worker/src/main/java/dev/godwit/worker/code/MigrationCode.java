package dev.godwit.worker.code;

import dev.godwit.migration.Migration;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

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
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  private final Map<URI, String> known = new ConcurrentHashMap<>();

  /** One that has read nothing yet. */
  @Inject
  public MigrationCode() {}

  /**
   * The SHA-256 digest, in hexadecimal, of the names and contents of all files beside {@code
   * migration}'s class, in the order of their names; the manifest is left out.
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
      return Files.isDirectory(path) ? ofFolder(path) : ofJar(path);
    } catch (IOException e) {
      throw new UncheckedIOException("The migration's code in " + path + " cannot be read", e);
    }
  }

  private static String ofFolder(Path folder) throws IOException {
    var digest = new Digest();
    var files = new TreeMap<String, Path>();
    try (var all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(slashed(folder.relativize(file)), file));
    }
    for (var file : files.entrySet()) {
      try (var content = Files.newInputStream(file.getValue())) {
        digest.add(file.getKey(), Files.size(file.getValue()), content);
      }
    }
    return digest.hex();
  }

  private static String slashed(Path path) {
    return path.toString().replace(path.getFileSystem().getSeparator(), "/");
  }

  private static String ofJar(Path jar) throws IOException {
    var digest = new Digest();
    try (var file = new ZipFile(jar.toFile())) {
      SortedMap<String, ZipEntry> entries = new TreeMap<>();
      Collections.list(file.entries()).stream()
          .filter(entry -> !entry.isDirectory())
          .forEach(entry -> entries.put(entry.getName(), entry));
      for (ZipEntry entry : entries.values()) {
        try (var content = file.getInputStream(entry)) {
          digest.add(entry.getName(), entry.getSize(), content);
        }
      }
    }
    return digest.hex();
  }

  private static String alone(Class<?> type) {
    var name = type.getName().replace('.', '/') + ".class";
    var digest = new Digest();
    try (var content = type.getResourceAsStream("/" + name)) {
      if (content != null) {
        var bytes = content.readAllBytes();
        digest.add(name, bytes.length, new ByteArrayInputStream(bytes));
      } else {
        digest.add(name, 0, InputStream.nullInputStream());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The class " + type.getName() + " cannot be read", e);
    }
    return digest.hex();
  }

  /** Of files one after another; no two lists of files look alike to it. */
  private static final class Digest {
    private final MessageDigest sha256;
    private final byte[] buffer = new byte[64 * 1024];

    Digest() {
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("Every JVM has SHA-256", e);
      }
    }

    void add(String name, long length, InputStream content) throws IOException {
      if (name.equals(MANIFEST)) {
        return;
      }
      var bytes = name.getBytes(StandardCharsets.UTF_8);
      sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
      sha256.update(bytes);
      sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(length).flip());
      for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
        sha256.update(buffer, 0, read);
      }
    }

    String hex() {
      return HexFormat.of().formatHex(sha256.digest());
    }
  }
}
