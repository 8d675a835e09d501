package dev.godwit.worker.record;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;

/** Records in a folder of this machine. */
public final class FolderRecordStore implements RecordStore {
  private final Path folder;

  public FolderRecordStore(Path folder) {
    this.folder = folder;
  }

  /**
   * Written beside its place, forced to disk, then moved there: a reader sees all of it or nothing.
   */
  @Override
  public void write(String key, byte[] content) {
    var file = folder.resolve(key);
    try {
      Files.createDirectories(file.resolveSibling("."));
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
    } catch (IOException e) {
      throw new TableUnavailable("The record " + file + " could not be written: " + e, e);
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
