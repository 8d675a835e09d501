package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.page.HtmlPage;
import dev.godwit.cli.page.Page;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/** A page in a file that the user has named. */
public final class HtmlFile {
  private HtmlFile() {}

  /**
   * Writes the page, whole or not at all; a file that is there is written over.
   *
   * @throws CommandFailed when it cannot be written
   */
  public static void write(Path file, Page page) {
    var html = HtmlPage.of(page);
    var folder = file.toAbsolutePath().getParent();
    try {
      if (folder == null || Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        Files.writeString(file, html); // as /dev/stdout
        return;
      }
      var unfinished = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID());
      try {
        Files.writeString(unfinished, html);
        Files.move(unfinished, file, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(unfinished);
      }
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "--html: "
              + file
              + " cannot be written ("
              + e.getClass().getSimpleName()
              + ": "
              + e.getMessage()
              + "); give a file in a folder that is there",
          e);
    }
  }
}
