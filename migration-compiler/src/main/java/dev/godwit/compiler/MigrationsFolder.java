package dev.godwit.compiler;

import com.fasterxml.jackson.core.JsonParser;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.run.code.CodeDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/**
 * A folder of migrations as their authors write them, without a build file:
 *
 * <pre>
 * migrations/20261120-full-name/FullName.java       a migration, in a folder that is named by its id
 *                               FullNameTest.java   its test
 * migrations/shared/                                what several migrations use, by package
 * migrations/lib/                                   jars that they need
 * </pre>
 *
 * <p>A jar is made of each migration, with what it uses of the shared sources in it and registered
 * as {@link java.util.ServiceLoader} wants it, for runs on this machine and for Lambda alike. It is
 * made once for each state of the sources, the libraries and the JDK, and kept in {@code
 * .godwit/classes} beside the folder. Its {@link CodeDigest} is that of the sources which went into
 * it: neither another JDK nor another migration makes it other code.
 */
public final class MigrationsFolder {
  /** What such a folder is called if nobody says otherwise. */
  public static final String NAME = "migrations";

  /** Where sources are that several migrations use. */
  public static final String SHARED = "shared";

  /** Where the jars are that migrations need. */
  public static final String LIBRARIES = "lib";

  private static final String STORE = ".godwit/classes";

  /** Of what a jar holds and how; another number makes all jars anew. */
  private static final String FORMAT = "1";

  private static final String SERVICE = "META-INF/services/" + Migration.class.getName();

  private final Path folder;
  private final List<Sources> migrations;
  private final Optional<Sources> shared;
  private final List<Path> libraries;
  private final JarStore store;
  private final Supplier<@Nullable JavaCompiler> compiler;

  private MigrationsFolder(
      Path folder,
      List<Sources> migrations,
      Optional<Sources> shared,
      List<Path> libraries,
      Supplier<@Nullable JavaCompiler> compiler) {
    this.folder = folder;
    this.migrations = migrations;
    this.shared = shared;
    this.libraries = libraries;
    this.store = new JarStore(beside(folder).resolve(STORE));
    this.compiler = compiler;
  }

  /**
   * The migrations in {@code folder} as they are now; nothing is compiled yet. The sources are read
   * here, and all that is asked for afterwards is of what was read.
   *
   * @throws CannotCompile when it is not there, has none, or has sources in a wrong place
   */
  public static MigrationsFolder at(Path folder) {
    return at(folder, ToolProvider::getSystemJavaCompiler);
  }

  static MigrationsFolder at(Path folder, Supplier<@Nullable JavaCompiler> compiler) {
    if (!Files.isDirectory(folder)) {
      throw new CannotCompile(
          "There is no folder " + folder + "; name the one that holds your migrations");
    }
    var migrations = new ArrayList<Sources>();
    for (Path child : children(folder)) {
      var name = String.valueOf(child.getFileName());
      if (Files.isDirectory(child)) {
        if (Migrations.isId(name)) {
          migrations.add(migration(child));
        } else if (!name.equals(SHARED) && !name.equals(LIBRARIES)) {
          refuseJava(child);
        }
      } else if (Sources.isJava(child)) {
        throw new CannotCompile(
            child
                + " lies beside the folders of the migrations; put it in one that is named by its"
                + " migration's id, or in "
                + folder.resolve(SHARED));
      }
    }
    if (migrations.isEmpty()) {
      throw new CannotCompile(
          "There is no migration in "
              + folder
              + "; each is a folder there that is named by its id, as in "
              + folder.resolve("20261120-city-coordinates"));
    }
    var shared = folder.resolve(SHARED);
    return new MigrationsFolder(
        folder,
        migrations,
        Files.isDirectory(shared) ? Optional.of(Sources.in(shared)) : Optional.empty(),
        libraries(folder.resolve(LIBRARIES)),
        compiler);
  }

  /** Whether {@code folder} is there and has a folder for a migration in it. */
  public static boolean isOne(Path folder) {
    return Files.isDirectory(folder)
        && children(folder).stream()
            .anyMatch(
                child ->
                    Files.isDirectory(child)
                        && Migrations.isId(String.valueOf(child.getFileName())));
  }

  /** The ids of the migrations, in order. */
  public List<String> ids() {
    return migrations.stream().map(Sources::name).toList();
  }

  /** The migrations that have tests, and {@link #SHARED} if there are tests in it. */
  public List<String> withTests() {
    return Stream.concat(migrations.stream(), shared.stream())
        .filter(sources -> !sources.tests().isEmpty())
        .map(Sources::name)
        .toList();
  }

  /**
   * A jar of each migration, in the order of their ids, then the libraries.
   *
   * @throws CannotCompile when one cannot be made
   */
  public List<Path> jars() {
    var jars = new ArrayList<Path>();
    for (Sources migration : migrations) {
      jars.add(jar(migration));
    }
    checkClasses(jars);
    jars.addAll(libraries);
    return jars;
  }

  /**
   * The tests of {@code name}; empty when it has none.
   *
   * @param name a migration's id, or {@link #SHARED}
   * @param testClassPath what tests may use beside what migrations may
   * @throws CannotCompile when there is no such migration, or it or its tests do not compile
   */
  public Optional<CompiledTests> tests(String name, List<Path> testClassPath) {
    var sources =
        Stream.concat(migrations.stream(), shared.stream())
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new CannotCompile(
                        "There is no migration "
                            + name
                            + " in "
                            + folder
                            + "; there are: "
                            + String.join(", ", ids())));
    var classPath = new ArrayList<Path>();
    if (!name.equals(SHARED)) {
      classPath.add(jar(sources));
    }
    if (sources.tests().isEmpty()) {
      return Optional.empty();
    }
    classPath.addAll(libraries);
    var compilation =
        new Compilation(
            sources.folder(),
            sources.tests(),
            shared,
            Stream.of(classPath, api(), testClassPath).flatMap(Collection::stream).toList());
    var data = sources.testData();
    var tests = kept(name + "-tests", compilation, data, () -> tests(compilation, data));
    classPath.add(0, tests);
    return Optional.of(new CompiledTests(name, tests, classPath));
  }

  private Path jar(Sources migration) {
    var compilation =
        new Compilation(
            migration.folder(),
            migration.main(),
            shared,
            Stream.concat(libraries.stream(), api().stream()).toList());
    return kept(
        migration.name(), compilation, new TreeMap<>(), () -> compiled(migration, compilation));
  }

  /** A jar is never changed, so what its key says must be what it was made of. */
  private Path kept(
      String name,
      Compilation compilation,
      SortedMap<String, byte[]> data,
      Supplier<SortedMap<String, byte[]>> files) {
    var key = key(compilation, data);
    return store.jar(
        key,
        name,
        () -> {
          var made = files.get();
          if (!key.equals(key(compilation, data))) {
            throw new CannotCompile(
                "A jar that "
                    + compilation.what()
                    + " needs changed while that was compiled; nothing was kept, so do it again");
          }
          return made;
        });
  }

  private SortedMap<String, byte[]> compiled(Sources migration, Compilation compilation) {
    return inTemporaryFolder(
        output -> {
          var classes = Javac.compile(compilation, output, compiler());
          var own =
              classes.entrySet().stream()
                  .filter(type -> type.getValue().startsWith(migration.folder()))
                  .map(Map.Entry::getKey)
                  .toList();
          var name =
              new MigrationClass(migration.folder())
                  .among(own, Stream.concat(Stream.of(output), libraries.stream()).toList());
          var files = classFiles(output);
          files.put(SERVICE, (name + "\n").getBytes(StandardCharsets.UTF_8));
          files.put(
              CodeDigest.SOURCES,
              digest(migration, classes.values(), compilation).getBytes(StandardCharsets.US_ASCII));
          return files;
        });
  }

  private SortedMap<String, byte[]> tests(Compilation compilation, SortedMap<String, byte[]> data) {
    return inTemporaryFolder(
        output -> {
          Javac.compile(compilation, output, compiler());
          var files = classFiles(output);
          data.forEach((name, content) -> files.putIfAbsent(name, content));
          return files;
        });
  }

  /** Of the migration's own sources, and of those that it uses of the shared ones. */
  private static String digest(Sources migration, Collection<Path> used, Compilation compilation) {
    var contents = compilation.contents();
    var files = new TreeMap<String, byte[]>();
    Stream.concat(migration.main().keySet().stream(), used.stream())
        .forEach(
            source ->
                files.put(
                    Sources.named(migration.folder(), source),
                    Objects.requireNonNull(contents.get(source))));
    var digest = new CodeDigest();
    files.forEach(digest::add);
    return digest.hex();
  }

  /**
   * All that may make a difference to what the compiler makes of {@code compilation}, and the data
   * that lies beside.
   */
  private String key(Compilation compilation, SortedMap<String, byte[]> data) {
    var digest = new CodeDigest();
    digest.add(FORMAT, Runtime.version().toString().getBytes(StandardCharsets.UTF_8));
    compilation
        .contents()
        .forEach((source, content) -> digest.add(Sources.named(folder, source), content));
    data.forEach((name, content) -> digest.add("data/" + name, content));
    for (Path jar : compilation.classPath()) {
      digest.add(
          String.valueOf(jar.getFileName()), digestOf(jar).getBytes(StandardCharsets.US_ASCII));
    }
    return digest.hex();
  }

  /**
   * Of a jar, what its directory says of its files: their names, lengths and checksums. This is
   * asked for each migration, and to digest the contents of the jars each time would take longer
   * than all else that is to be done for one whose jar is kept.
   */
  private static String digestOf(Path jar) {
    try {
      if (Files.isDirectory(jar)) {
        return CodeDigest.of(jar);
      }
      var files = new TreeMap<String, byte[]>();
      try (var file = new ZipFile(jar.toFile())) {
        file.stream()
            .forEach(
                entry ->
                    files.put(
                        entry.getName(),
                        (entry.getSize() + " " + entry.getCrc())
                            .getBytes(StandardCharsets.US_ASCII)));
      }
      var digest = new CodeDigest();
      files.forEach(digest::add);
      return digest.hex();
    } catch (IOException e) {
      throw new CannotCompile(
          jar + " cannot be read as a jar (" + e.getMessage() + "); take it away, or mend it", e);
    }
  }

  private JavaCompiler compiler() {
    var found = compiler.get();
    if (found == null) {
      throw new CannotCompile(
          "There is no Java compiler in "
              + System.getProperty("java.home")
              + " to compile "
              + folder
              + " with: that is a runtime only; use a JDK, 17 or later, or give a jar of migrations");
    }
    return found;
  }

  /**
   * All jars are on one class path, where of two classes of one name one would be lost. Shared
   * classes are the same in each.
   */
  private void checkClasses(List<Path> jars) {
    record Known(Path jar, long checksum) {}
    var known = new HashMap<String, Known>();
    for (Path jar : jars) {
      try (var file = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : file.stream().filter(e -> e.getName().endsWith(".class")).toList()) {
          var other = known.putIfAbsent(entry.getName(), new Known(jar, entry.getCrc()));
          if (other != null && other.checksum != entry.getCrc()) {
            throw new CannotCompile(
                "Two migrations have a class "
                    + entry.getName().replaceFirst("\\.class$", "").replace('/', '.')
                    + ", one in "
                    + ofJar(other.jar)
                    + " and one in "
                    + ofJar(jar)
                    + "; give one of them another name");
          }
        }
      } catch (IOException e) {
        throw new CannotCompile(
            jar + " is damaged (" + e.getMessage() + "); delete it, it is then made anew", e);
      }
    }
  }

  private Path ofJar(Path jar) {
    return folder.resolve(String.valueOf(jar.getFileName()).replaceFirst("\\.jar$", ""));
  }

  private static Sources migration(Path folder) {
    var sources = Sources.in(folder);
    if (sources.main().isEmpty()) {
      throw new CannotCompile(
          "There is no migration in "
              + folder
              + ": it has no Java but tests; write one, or take it away");
    }
    return sources;
  }

  private static void refuseJava(Path child) {
    if (Sources.isHidden(child)) {
      return;
    }
    var sources = Sources.in(child);
    if (!sources.main().isEmpty() || !sources.tests().isEmpty()) {
      throw new CannotCompile(
          child
              + " is not named by a migration's id, a date and lower-case words as in"
              + " 20261120-city-coordinates; name it so, or call it "
              + SHARED
              + " if several migrations use what is in it");
    }
  }

  private static List<Path> libraries(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    return children(folder).stream()
        .filter(file -> file.toString().endsWith(".jar") && !Sources.isHidden(file))
        .toList();
  }

  private static List<Path> children(Path folder) {
    try (var children = Files.list(folder)) {
      return children.sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new CannotCompile("The folder " + folder + " cannot be read (" + e + ")", e);
    }
  }

  private static Path beside(Path folder) {
    var parent = folder.toAbsolutePath().normalize().getParent();
    return parent == null ? folder : parent;
  }

  /** What a migration's source may use, and what that needs: the worker has all of it. */
  private static List<Path> api() {
    return places(Migration.class, JsonParser.class, NullMarked.class);
  }

  /** The jars or folders that these classes are from, for a class path; each once. */
  public static List<Path> places(Class<?>... classes) {
    var places = new ArrayList<Path>();
    for (Class<?> type : classes) {
      var source = type.getProtectionDomain().getCodeSource();
      try {
        var place = Path.of(source.getLocation().toURI());
        if (!places.contains(place)) {
          places.add(place);
        }
      } catch (URISyntaxException e) {
        throw new IllegalStateException("The place of " + type.getName() + " is no address", e);
      }
    }
    return places;
  }

  private static SortedMap<String, byte[]> classFiles(Path output) throws IOException {
    var files = new TreeMap<String, byte[]>();
    try (var all = Files.walk(output)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(Sources.named(output, file), Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** What is to be done with a folder for compiled classes. */
  private interface Work {
    SortedMap<String, byte[]> with(Path output) throws IOException;
  }

  private static SortedMap<String, byte[]> inTemporaryFolder(Work work) {
    try {
      var output = Files.createTempDirectory("godwit-compile");
      try {
        return work.with(output);
      } finally {
        delete(output);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new CannotCompile(
          "There is no place for compiled classes (" + e + "); make room for temporary files", e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
