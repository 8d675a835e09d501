package dev.godwit.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The Java files of one folder inside a folder of migrations, as they were when they were read: all
 * that is made of them is made of the same contents.
 *
 * @param name the folder's name: a migration's id, or {@link MigrationsFolder#SHARED}
 * @param folder where they are, as it is told to people
 * @param main what is compiled for a run: path to content
 * @param tests what is compiled for tests alone: path to content
 */
record Sources(
    String name, Path folder, SortedMap<Path, byte[]> main, SortedMap<Path, byte[]> tests) {
  private static final String JAVA = ".java";

  /** All below {@code folder}, but hidden ones; each is read once, here. */
  static Sources in(Path folder) {
    var files = files(folder);
    return new Sources(
        String.valueOf(folder.getFileName()),
        folder,
        read(files.stream().filter(file -> !isTest(folder.relativize(file)))),
        read(files.stream().filter(file -> isTest(folder.relativize(file)))));
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

  private static SortedMap<Path, byte[]> read(Stream<Path> files) {
    var contents = new TreeMap<Path, byte[]>();
    files.forEach(file -> contents.put(file, content(file)));
    return contents;
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
  private static byte[] content(Path source) {
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
