package dev.godwit.cli.authoring;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.compiler.MigrationsFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a new migration and its test. */
@Command(
    name = "create",
    description = {
      "Writes a new migration and its test: two Java files in a folder that is named by the migration's id, the date of today and NAME.",
      "",
      "Both compile and the test passes as written; comments say what to change. No build file is needed: 'godwit test' and all commands with --migrations compile them.",
      ""
    },
    footer = {"", "Example:", "  godwit create add-full-name --table Users"})
public final class CreateCommand implements Callable<Integer> {
  private final Screen screen;
  private final Clock clock;

  @Parameters(
      paramLabel = "NAME",
      description = "What it does, in lower-case words with hyphens, as in add-full-name.")
  private String name = "";

  @Option(
      names = "--table",
      paramLabel = "NAME",
      required = true,
      description = "The table that it is meant for; a * stands for any characters, as in Users-*.")
  private String table = "";

  @Option(
      names = {"--folder", "--migrations"},
      paramLabel = "FOLDER",
      defaultValue = MigrationsFolder.NAME,
      description = "Where migrations are; made if it is not there. Default: ${DEFAULT-VALUE}.")
  private Path folder = Path.of(MigrationsFolder.NAME);

  /**
   * @param clock tells which day it is today
   */
  public CreateCommand(Screen screen, Clock clock) {
    this.screen = screen;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    var migration = NewMigration.of(LocalDate.now(clock), name, table);
    var place = folder.resolve(migration.id());
    if (Files.exists(place)) {
      throw thereAlready(place);
    }
    sameClass(migration)
        .ifPresent(
            other -> {
              throw refused(
                  "There is a class "
                      + migration.className()
                      + " already, "
                      + other
                      + "; all migrations are on one class path, so choose another name");
            });
    write(migration, place);
    var out = screen.out();
    out.println("Written:");
    out.println("  " + place.resolve(migration.className() + ".java"));
    out.println("  " + place.resolve(migration.className() + "Test.java"));
    out.println("Try next:");
    NextCommands.after(migration, folder).forEach(command -> out.println("  " + command));
    return ExitCode.DONE.code();
  }

  /** Of another day, say. */
  private Optional<Path> sameClass(NewMigration migration) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (var folders = Files.list(folder)) {
      return folders
          .map(other -> other.resolve(migration.className() + ".java"))
          .filter(Files::exists)
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      throw notWritten(e);
    }
  }

  /** Beside its place first, and then there in one step: both files are there or none is. */
  private void write(NewMigration migration, Path place) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw notWritten(e);
    }
    try {
      var unfinished = Files.createTempDirectory(folder, ".unfinished");
      var java = unfinished.resolve(migration.className() + ".java");
      var test = unfinished.resolve(migration.className() + "Test.java");
      try {
        Files.writeString(java, migration.java());
        Files.writeString(test, migration.testJava());
        readableAsOthers(unfinished);
        Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        for (Path left : List.of(java, test, unfinished)) {
          Files.deleteIfExists(left);
        }
      }
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      throw thereAlready(place);
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  /** A temporary folder is its owner's alone; this one is to be as any other that is made here. */
  private void readableAsOthers(Path unfinished) throws IOException {
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(unfinished, Files.getPosixFilePermissions(folder));
    }
  }

  private static CommandFailed thereAlready(Path place) {
    return refused(place + " is there already; choose another name, or go on with that");
  }

  private CommandFailed notWritten(Exception why) {
    return new CommandFailed(
        ExitCode.BAD_USAGE,
        "The migration cannot be written in "
            + folder
            + " ("
            + why
            + "); name another folder with --folder. Nothing was written",
        why);
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was written");
  }
}
