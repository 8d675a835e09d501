package dev.godwit.run.code;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The digest by which code is told from other code: SHA-256, in hexadecimal, over the names and
 * contents of files one after another. No two lists of files look alike to it.
 *
 * <p>Of a jar or a folder it is {@link #of} that answers: the digest of all its files in the order
 * of their names, without the manifest, so that a jar has the digest of the folder that it was made
 * of, whenever and by whom it was packed. A jar that was compiled from a folder of migrations says
 * itself from which sources ({@link #SOURCES}); their digest is its own, so that another compiler
 * does not make it other code.
 *
 * <p>Not thread-safe.
 */
public final class CodeDigest {
  /** The file in which compiled code has the digest of the sources that it was compiled from. */
  public static final String SOURCES = "META-INF/godwit/sources.sha256";

  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
  private static final int SHOWN = 12;

  private final MessageDigest sha256;
  private final byte[] buffer = new byte[64 * 1024];

  /** One that has been given no file yet. */
  public CodeDigest() {
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has SHA-256", e);
    }
  }

  /**
   * The digest of a jar, or of a folder.
   *
   * @throws IOException when it cannot be read; {@link java.util.zip.ZipException} when it is a
   *     file that is no jar
   */
  public static String of(Path jarOrFolder) throws IOException {
    return Files.isDirectory(jarOrFolder) ? ofFolder(jarOrFolder) : ofJar(jarOrFolder);
  }

  /** The beginning of {@code digest}, as it is shown to people. */
  public static String shown(String digest) {
    return digest.length() > SHOWN ? digest.substring(0, SHOWN) : digest;
  }

  /** Adds a file of {@code length} bytes; a manifest counts for nothing. */
  public void add(String name, long length, InputStream content) throws IOException {
    if (name.equals(MANIFEST)) {
      return;
    }
    begin(name, length);
    for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
      sha256.update(buffer, 0, read);
    }
  }

  /** Adds a file that is in memory. */
  public void add(String name, byte[] content) {
    begin(name, content.length);
    sha256.update(content);
  }

  /** What has been added, and begins anew. */
  public String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }

  private void begin(String name, long length) {
    var bytes = name.getBytes(StandardCharsets.UTF_8);
    sha256.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
    sha256.update(bytes);
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(length).flip());
  }

  private static String ofFolder(Path folder) throws IOException {
    var sources = folder.resolve(SOURCES);
    if (Files.isRegularFile(sources)) {
      var said = said(Files.readAllBytes(sources));
      if (said.isPresent()) {
        return said.get();
      }
    }
    var files = new TreeMap<String, Path>();
    try (var all = Files.walk(folder)) {
      all.filter(Files::isRegularFile)
          .forEach(file -> files.put(slashed(folder.relativize(file)), file));
    }
    var digest = new CodeDigest();
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
    try (var file = new ZipFile(jar.toFile())) {
      var sources = file.getEntry(SOURCES);
      if (sources != null) {
        try (var content = file.getInputStream(sources)) {
          var said = said(content.readAllBytes());
          if (said.isPresent()) {
            return said.get();
          }
        }
      }
      SortedMap<String, ZipEntry> entries = new TreeMap<>();
      Collections.list(file.entries()).stream()
          .filter(entry -> !entry.isDirectory())
          .forEach(entry -> entries.put(entry.getName(), entry));
      var digest = new CodeDigest();
      for (ZipEntry entry : entries.values()) {
        try (var content = file.getInputStream(entry)) {
          digest.add(entry.getName(), entry.getSize(), content);
        }
      }
      return digest.hex();
    }
  }

  /** Empty when it is no digest: then the files count. */
  private static Optional<String> said(byte[] content) {
    var text = new String(content, StandardCharsets.US_ASCII).strip();
    return HEX.matcher(text).matches() ? Optional.of(text) : Optional.empty();
  }
}
