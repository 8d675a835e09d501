package dev.godwit.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The Java files of one folder inside a folder of migrations, as they were when they were read: all
 * that is made of them is made of the same contents.
 *
 * @param name the folder's name: a migration's id, or {@link MigrationsFolder#SHARED}
 * @param folder where they are, as it is told to people
 * @param main what is compiled for a run: path to content
 * @param tests what is compiled for tests alone: path to content
 * @param testData what tests may read besides, beside them in their folder: path within that, with
 *     slashes, to content
 */
record Sources(
    String name,
    Path folder,
    SortedMap<Path, byte[]> main,
    SortedMap<Path, byte[]> tests,
    SortedMap<String, byte[]> testData) {
  private static final String JAVA = ".java";
  private static final String TEST_FOLDER = "test";

  /** All below {@code folder}, but hidden ones; each is read once, here. */
  static Sources in(Path folder) {
    var files = files(folder, Sources::isJava);
    return new Sources(
        String.valueOf(folder.getFileName()),
        folder,
        read(files.stream().filter(file -> !isTest(folder.relativize(file)))),
        read(files.stream().filter(file -> isTest(folder.relativize(file)))),
        testData(folder.resolve(TEST_FOLDER)));
  }

  private static SortedMap<String, byte[]> testData(Path folder) {
    var data = new TreeMap<String, byte[]>();
    if (Files.isDirectory(folder)) {
      for (Path file : files(folder, file -> !isJava(file) && !isHidden(file))) {
        data.put(named(folder, file), bytes(file));
      }
    }
    return data;
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
        || (file.getNameCount() > 1 && file.startsWith(TEST_FOLDER));
  }

  private static SortedMap<Path, byte[]> read(Stream<Path> files) {
    var contents = new TreeMap<Path, byte[]>();
    files.forEach(file -> contents.put(file, content(file)));
    return contents;
  }

  private static List<Path> files(Path folder, Predicate<Path> which) {
    try (var all = Files.walk(folder)) {
      return all.filter(which).filter(Files::isRegularFile).sorted().toList();
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
    var text = new String(bytes(source), StandardCharsets.ISO_8859_1);
    return text.replace("\r\n", "\n").getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new CannotCompile("The file " + file + " cannot be read (" + e + ")", e);
    }
  }

  /** {@code file} as it is named inside {@code folder}, on every system alike. */
  static String named(Path folder, Path file) {
    var relative = folder.relativize(file);
    return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
  }
}
