package dev.godwit.cli.results;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.UUID;

/** Results in a folder of this machine. Files that are being written have a dot in front. */
public final class FolderFiles implements ResultFiles {
  private final Path root;

  public FolderFiles(Path root) {
    this.root = root;
  }

  @Override
  public List<String> under(String prefix) throws IOException {
    var folder = root.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !String.valueOf(file.getFileName()).startsWith("."))
          .map(file -> root.relativize(file).toString().replace('\\', '/'))
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  @Override
  public List<String> foldersIn(String folder) throws IOException {
    var path = root.resolve(folder);
    if (!Files.isDirectory(path)) {
      return List.of();
    }
    try (var entries = Files.list(path)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> String.valueOf(entry.getFileName()))
          .sorted()
          .toList();
    }
  }

  @Override
  public boolean isChecked() {
    return false;
  }

  @Override
  public InputStream read(String name) throws IOException {
    return Files.newInputStream(root.resolve(name));
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    var file = root.resolve(name);
    var folder = file.getParent();
    if (folder == null) {
      throw new IOException(name + " is in no folder");
    }
    Files.createDirectories(folder);
    var unfinished = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
    try {
      Files.write(unfinished, content);
      Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }
}
