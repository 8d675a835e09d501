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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
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
      "With --maven or --gradle it writes a whole project instead, for teams that want one.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  godwit create add-full-name --table Users",
      "  godwit create add-full-name --table Users --maven"
    })
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
      description =
          "Where migrations are; made if it is not there. With --maven or --gradle: the project's folder, empty or not there. Default: "
              + MigrationsFolder.NAME
              + ", or NAME for a project.")
  private @Nullable Path folder;

  @ArgGroup private @Nullable Project project;

  /** One of them, or neither. */
  private static final class Project {
    @Option(
        names = "--maven",
        description = "A project with a pom.xml, in a folder of its own. Default: no project.")
    private boolean maven;

    @Option(
        names = "--gradle",
        description = "A project with a build.gradle, likewise. Default: no project.")
    private boolean gradle;

    Optional<BuildTool> tool() {
      if (maven) {
        return Optional.of(BuildTool.MAVEN);
      }
      return gradle ? Optional.of(BuildTool.GRADLE) : Optional.empty(); // --gradle=false
    }
  }

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
    var tool = project == null ? Optional.<BuildTool>empty() : project.tool();
    if (tool.isPresent()) {
      writeProject(
          new NewProject(name, migration, tool.get()), folder == null ? Path.of(name) : folder);
    } else {
      writeMigration(migration, folder == null ? Path.of(MigrationsFolder.NAME) : folder);
    }
    return ExitCode.DONE.code();
  }

  private void writeMigration(NewMigration migration, Path folder) {
    var place = folder.resolve(migration.id());
    if (Files.exists(place)) {
      throw thereAlready(place);
    }
    sameClass(migration, folder)
        .ifPresent(
            other -> {
              throw refused(
                  "There is a class "
                      + migration.className()
                      + " already, "
                      + other
                      + "; all migrations are on one class path, so choose another name");
            });
    var files =
        new TreeMap<>(
            Map.of(
                migration.className() + ".java", migration.java(),
                migration.className() + "Test.java", migration.testJava()));
    write(files, place, folder);
    tell(files.keySet(), place, NextCommands.after(migration, folder));
  }

  private void writeProject(NewProject project, Path place) {
    if (Files.exists(place) && !isEmptyFolder(place)) {
      throw thereAlready(place);
    }
    var parent = place.toAbsolutePath().getParent();
    if (parent == null) {
      throw thereAlready(place);
    }
    write(project.files(), place, parent);
    tell(project.files().keySet(), place, NextCommands.after(project, place));
  }

  private static boolean isEmptyFolder(Path place) {
    try (var all = Files.list(place)) {
      return all.findAny().isEmpty();
    } catch (IOException | UncheckedIOException e) {
      return false; // a file, or nothing to look into
    }
  }

  private void tell(Set<String> files, Path place, List<String> next) {
    var out = screen.out();
    out.println("Written:");
    files.forEach(file -> out.println("  " + place.resolve(file)));
    out.println("Try next:");
    next.forEach(command -> out.println("  " + command));
  }

  /** Of another day, say. */
  private static Optional<Path> sameClass(NewMigration migration, Path folder) {
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (var folders = Files.list(folder)) {
      return folders
          .map(other -> other.resolve(migration.className() + ".java"))
          .filter(Files::exists)
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      throw notWritten(folder, e);
    }
  }

  /**
   * Beside its place first, and then there in one step: all files are there or none is.
   *
   * @param files path within {@code place} to content
   * @param folder that {@code place} is in
   */
  private static void write(SortedMap<String, String> files, Path place, Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw notWritten(folder, e);
    }
    try {
      var unfinished = Files.createTempDirectory(folder, ".unfinished");
      try {
        for (var file : files.entrySet()) {
          var path = unfinished.resolve(file.getKey());
          Files.createDirectories(path.resolveSibling(""));
          Files.writeString(path, file.getValue());
        }
        readableAsOthers(unfinished, folder);
        Files.move(unfinished, place, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        delete(unfinished);
      }
    } catch (DirectoryNotEmptyException | FileAlreadyExistsException e) {
      throw thereAlready(place);
    } catch (IOException | UncheckedIOException e) {
      throw notWritten(folder, e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (var left = Files.walk(folder)) {
      for (Path file : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** A temporary folder is its owner's alone; this one is to be as any other that is made here. */
  private static void readableAsOthers(Path unfinished, Path folder) throws IOException {
    if (Files.getFileStore(folder).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(unfinished, Files.getPosixFilePermissions(folder));
    }
  }

  private static CommandFailed thereAlready(Path place) {
    return refused(place + " is there already; choose another name, or go on with that");
  }

  private static CommandFailed notWritten(Path folder, Exception why) {
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
