package dev.godwit.compiler;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.LocalDateTime;
import java.util.SortedMap;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The jars that were made, each in a folder that is named by all that it was made of. A jar is
 * written beside its name, forced to disk, and then gets its name in one step: it is there whole or
 * not at all, whoever else makes the same and whenever the process dies. It is never changed, so a
 * run keeps its code.
 */
final class JarStore {
  /** For every entry, so that a jar of the same files is the same byte for byte. */
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final Path folder;

  JarStore(Path folder) {
    this.folder = folder;
  }

  /**
   * The jar {@code name} of what {@code key} stands for.
   *
   * @param files names and contents; asked for when it is not there yet
   */
  Path jar(String key, String name, Supplier<SortedMap<String, byte[]>> files) {
    var jar = folder.resolve(key).resolve(name + ".jar");
    if (!Files.isRegularFile(jar)) {
      var contents = files.get();
      try {
        Files.createDirectories(folder.resolve(key));
        write(jar, contents);
      } catch (IOException | UncheckedIOException e) {
        throw new CannotCompile(
            "What was compiled cannot be kept in "
                + folder
                + " ("
                + e
                + "); let that be written to, with room left",
            e);
      }
    }
    return jar;
  }

  private static void write(Path jar, SortedMap<String, byte[]> files) throws IOException {
    var unfinished = Files.createTempFile(jar.getParent(), "unfinished", ".tmp");
    try {
      try (var channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        var zip = new ZipOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel)));
        for (var file : files.entrySet()) {
          var entry = new ZipEntry(file.getKey());
          entry.setTimeLocal(NO_TIME);
          zip.putNextEntry(entry);
          zip.write(file.getValue());
          zip.closeEntry();
        }
        zip.finish();
        zip.flush();
        channel.force(true);
      }
      makeReadable(unfinished);
      Files.move(unfinished, jar, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /** A temporary file is its owner's alone; a jar may be read by others, as any other jar. */
  private static void makeReadable(Path unfinished) throws IOException {
    var posix = Files.getFileAttributeView(unfinished, PosixFileAttributeView.class);
    if (posix != null) {
      posix.setPermissions(PosixFilePermissions.fromString("rw-r--r--"));
    }
  }
}
