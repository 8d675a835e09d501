package dev.godwit.worker.record;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Records in a folder of this machine. Thread-safe. */
public final class FolderRecordStore implements RecordStore {
  private final Path folder;
  private final FolderForce folderForce;

  /** Folders whose names are on disk for certain. */
  private final Set<Path> durable = ConcurrentHashMap.newKeySet();

  public FolderRecordStore(Path folder) {
    this(folder, FolderRecordStore::force);
  }

  FolderRecordStore(Path folder, FolderForce folderForce) {
    this.folder = folder;
    this.folderForce = folderForce;
  }

  /** Forces the names in a folder to disk. */
  @FunctionalInterface
  interface FolderForce {
    void force(Path folder) throws IOException;
  }

  /**
   * Written beside its place, forced to disk, then moved there: a reader sees all of it or nothing.
   * Its name, too, and those of the folders above are forced to disk: what has been written is
   * there after the machine itself has failed.
   */
  @Override
  public void write(String key, byte[] content) {
    var file = folder.resolve(key).toAbsolutePath();
    var directory = file.resolveSibling(".").normalize();
    try {
      Files.createDirectories(directory);
      makeDurable(directory);
      var unfinished = file.resolveSibling("." + UUID.randomUUID() + ".tmp");
      try (var channel =
          FileChannel.open(unfinished, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        var buffer = ByteBuffer.wrap(content);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      Files.move(
          unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      folderForce.force(directory);
    } catch (IOException e) {
      throw new TableUnavailable("The record " + file + " could not be written: " + e, e);
    }
  }

  /** Forces the names of {@code directory} and of those above it, up to the store's own. */
  private void makeDurable(Path directory) throws IOException {
    var above = directory.getParent();
    if (above != null
        && directory.startsWith(folder.toAbsolutePath().normalize())
        && !durable.contains(directory)) {
      makeDurable(above);
      folderForce.force(above);
      durable.add(directory);
    }
  }

  /** Where folders cannot be opened, as on Windows, their names are the file system's care. */
  private static void force(Path directory) throws IOException {
    FileChannel channel;
    try {
      channel = FileChannel.open(directory, StandardOpenOption.READ);
    } catch (AccessDeniedException e) {
      return;
    }
    try (channel) {
      channel.force(true);
    }
  }

  @Override
  public byte[] read(String key) {
    var file = folder.resolve(key);
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new TableRefused("There is no record " + file, e);
    } catch (IOException e) {
      throw new TableUnavailable("The record " + file + " could not be read: " + e, e);
    }
  }

  @Override
  public List<String> list(String prefix) {
    var below = folder.resolve(prefix);
    if (!Files.isDirectory(below)) {
      return List.of();
    }
    try (var files = Files.walk(below)) {
      return files
          .filter(
              file -> Files.isRegularFile(file) && !file.getFileName().toString().startsWith("."))
          .map(file -> folder.relativize(file).toString().replace(File.separatorChar, '/'))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new TableUnavailable("The records in " + below + " could not be listed: " + e, e);
    }
  }

  @Override
  public String address(String key) {
    return folder.resolve(key).toString();
  }
}
