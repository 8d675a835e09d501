package dev.godwit.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The Java files of one folder inside a folder of migrations.
 *
 * @param name the folder's name: a migration's id, or {@link MigrationsFolder#SHARED}
 * @param folder where they are, as it is told to people
 * @param main what is compiled for a run
 * @param tests what is compiled for tests alone
 */
record Sources(String name, Path folder, List<Path> main, List<Path> tests) {
  private static final String JAVA = ".java";

  /** All below {@code folder}, but hidden ones. */
  static Sources in(Path folder) {
    var files = files(folder);
    return new Sources(
        String.valueOf(folder.getFileName()),
        folder,
        files.stream().filter(file -> !isTest(folder.relativize(file))).toList(),
        files.stream().filter(file -> isTest(folder.relativize(file))).toList());
  }

  static boolean isJava(Path file) {
    var name = String.valueOf(file.getFileName());
    return name.endsWith(JAVA) && !isHidden(file);
  }

  static boolean isHidden(Path file) {
    return String.valueOf(file.getFileName()).startsWith(".");
  }

  /** Whether a class of this name is one of tests. */
  static boolean isTestName(String className) {
    return className.endsWith("Test") || className.endsWith("Tests");
  }

  private static boolean isTest(Path file) {
    var name = String.valueOf(file.getFileName());
    return isTestName(name.substring(0, name.length() - JAVA.length()))
        || (file.getNameCount() > 1 && file.startsWith("test"));
  }

  private static List<Path> files(Path folder) {
    try (var all = Files.walk(folder)) {
      return all.filter(file -> isJava(file) && Files.isRegularFile(file)).sorted().toList();
    } catch (IOException e) {
      throw new CannotCompile("The folder " + folder + " cannot be read (" + e + ")", e);
    } catch (UncheckedIOException e) {
      throw new CannotCompile("The folder " + folder + " cannot be read (" + e.getCause() + ")", e);
    }
  }

  /**
   * What is in {@code source}, whichever way its lines end: a checkout on another system is the
   * same code.
   */
  static byte[] content(Path source) {
    try {
      var text = Files.readString(source, StandardCharsets.ISO_8859_1);
      return text.replace("\r\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new CannotCompile("The file " + source + " cannot be read (" + e + ")", e);
    }
  }

  /** {@code file} as it is named inside {@code folder}, on every system alike. */
  static String named(Path folder, Path file) {
    var relative = folder.relativize(file);
    return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
  }
}
