package dev.godwit.worker.source;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Files of this machine. One that is written again is told by its size and time. Thread-safe. */
public final class LocalSourceFiles implements SourceFiles {
  @Override
  public List<SourceFile> find(String location) {
    var path = path(location);
    try {
      if (!location.endsWith("/") && !location.endsWith(File.separator)) {
        return List.of(found(path));
      }
      var files = new ArrayList<SourceFile>();
      try (Stream<Path> below = Files.list(path)) {
        for (Path file : below.filter(LocalSourceFiles::isVisible).sorted().toList()) {
          files.add(found(file));
        }
      }
      if (files.isEmpty()) {
        throw new TableRefused(
            "There are no files in " + location, new NoSuchFileException(location));
      }
      return List.copyOf(files);
    } catch (IOException e) {
      throw unreadable(location, e);
    }
  }

  private static boolean isVisible(Path file) {
    return Files.isRegularFile(file) && !file.getFileName().toString().startsWith(".");
  }

  private static Path path(String location) {
    try {
      return Path.of(location);
    } catch (InvalidPathException e) {
      throw new TableRefused("This is no path of a file: " + location, e);
    }
  }

  private static SourceFile found(Path path) throws IOException {
    var attributes = Files.readAttributes(path, BasicFileAttributes.class);
    if (attributes.isDirectory()) {
      throw new TableRefused(
          path + " is a folder; for all files in it, write a slash behind it",
          new IOException("a folder"));
    }
    return new SourceFile(
        path.toString().replace(File.separatorChar, '/'),
        attributes.size(),
        attributes.lastModifiedTime().toInstant().toString());
  }

  /** What was read counts only if the file is still the same afterwards. */
  @Override
  public byte[] read(SourceFile file, long from, int bytes) {
    var path = path(file.address());
    var read = new byte[(int) Math.max(0, Math.min(bytes, file.bytes() - from))];
    int length;
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      channel.position(from);
      var buffer = ByteBuffer.wrap(read);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // until it is full
      }
      length = buffer.position();
      if (!found(path).equals(file) || length < read.length) {
        throw changed(file);
      }
    } catch (IOException e) {
      throw unreadable(file.address(), e);
    }
    return Arrays.copyOf(read, length);
  }

  /** That {@code file} is another one by now. */
  static TableRefused changed(SourceFile file) {
    return new TableRefused(
        "The file "
            + file.address()
            + " has changed since the run began: what is left of it was not read. Put back what was"
            + " there and redrive the run, or run the migration again over the file as it is",
        new IOException("changed"));
  }

  private static RuntimeException unreadable(String location, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new TableRefused("There is no file " + location, e);
    }
    if (e instanceof NotDirectoryException) {
      return new TableRefused(location + " is no folder; leave out the slash behind it", e);
    }
    if (e instanceof AccessDeniedException) {
      return new TableRefused("The file " + location + " may not be read", e);
    }
    return new TableUnavailable(
        "The file " + location + " could not be read: " + e.getMessage(), e);
  }
}
