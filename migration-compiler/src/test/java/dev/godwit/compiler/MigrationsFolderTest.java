package dev.godwit.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.migration.TransformContext;
import dev.godwit.run.code.CodeDigest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.zip.ZipFile;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MigrationsFolderTest {
  private static final String FIRST = "20261120-first";
  private static final String SECOND = "20261121-second";

  @TempDir Path home;
  private Written written = new Written(Path.of(""));

  @BeforeEach
  void write() throws IOException {
    written = new Written(Files.createDirectory(home.resolve("migrations")));
  }

  @Test
  void jars_ofAFolder_areMigrationsThatRegisterThemselves() throws Exception {
    written.migration(FIRST, "First").migration(SECOND, "Second");

    var jars = folder().jars();

    assertThat(jars)
        .extracting(jar -> jar.getFileName().toString())
        .containsExactly(FIRST + ".jar", SECOND + ".jar");
    try (var loader = loader(jars)) {
      var found = Migrations.discover(loader);
      assertThat(found.all()).extracting(Migration::id).containsExactly(FIRST, SECOND);
    }
    assertThat(entries(jars.get(0)))
        .containsExactlyInAnyOrder(
            "First.class",
            "META-INF/godwit/sources.sha256",
            "META-INF/services/dev.godwit.migration.Migration");
  }

  @Test
  void jars_asTheyAreKept_runOnJava17() throws IOException {
    written.migration(FIRST, "First");

    try (var jar = new ZipFile(folder().jars().get(0).toFile());
        var type = jar.getInputStream(jar.getEntry("First.class"))) {
      assertThat(type.readNBytes(8)[7]).isEqualTo((byte) 61); // the class file version of Java 17
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "files have no such permissions there")
  void jars_asTheyAreKept_canBeReadByOthers_asLambdaWantsIt() throws IOException {
    written.migration(FIRST, "First");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder().jars().get(0))))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void jars_askedForAgain_areNotCompiledAgain_butForWhatHasChanged() {
    written.migration(FIRST, "First").migration(SECOND, "Second");
    var before = folder().jars();

    assertThat(withoutCompiler().jars()).isEqualTo(before);

    written.source(FIRST + "/First.java", Written.java(FIRST, "First", "\"other\""));
    assertThatThrownBy(() -> withoutCompiler().jars()).hasMessageContaining("no Java compiler");
    var after = folder().jars();
    assertThat(after.get(0)).isNotEqualTo(before.get(0));
    assertThat(after.get(1)).isEqualTo(before.get(1));
    assertThat(before.get(0)).as("a run that began with it has it still").exists();
  }

  @Test
  void jars_aSourceThatChangesWhileItIsCompiled_areOfWhatWasReadAlone() throws Exception {
    var old =
        Map.of(
            FIRST + "/First.java",
            Written.java(FIRST, "First", "shared.Used.text()"),
            "shared/shared/Used.java",
            used("old"));
    old.forEach(written::source);
    var digest = digests().get(FIRST);
    delete(home.resolve(".godwit"));
    var interrupted =
        MigrationsFolder.at(
            written.folder(),
            () -> {
              written
                  .source(FIRST + "/First.java", Written.java(FIRST, "First", "\"new\""))
                  .source("shared/shared/Used.java", used("new"))
                  .source("shared/shared/More.java", "package shared; public class More {}");
              return ToolProvider.getSystemJavaCompiler();
            });

    assertThat(up(interrupted.jars())).isEqualTo("old");
    assertThat(CodeDigest.of(interrupted.jars().get(0))).isEqualTo(digest);

    assertThat(up(folder().jars())).as("what is there now").isEqualTo("new");
    assertThat(digests().get(FIRST)).isNotEqualTo(digest);

    old.forEach(written::source);
    Files.delete(written.folder().resolve("shared/shared/More.java"));
    assertThat(up(folder().jars())).as("put back").isEqualTo("old");
    assertThat(digests().get(FIRST)).isEqualTo(digest);
  }

  /** A constant is compiled into what uses it. */
  @Test
  void jars_aLibraryOfTheSameNamesAndLengths_areMadeAnew() throws Exception {
    var source = "package tool; public class Tool { public static final String NAME = \"%s\"; }";
    var library = library(source.formatted("t"), "tool/Tool");
    written.source(FIRST + "/First.java", Written.java(FIRST, "First", "tool.Tool.NAME"));
    var before = MigrationsFolder.at(written.folder()).jars().get(0);

    Files.delete(library);
    library(source.formatted("u"), "tool/Tool");

    assertThat(MigrationsFolder.at(written.folder()).jars().get(0)).isNotEqualTo(before);
  }

  @Test
  void jars_aLibraryThatChangesWhileItIsUsed_areNotKept() throws Exception {
    var library =
        library(
            "package tool; public class Tool { public static final String NAME = \"t\"; }",
            "tool/Tool");
    written.source(FIRST + "/First.java", Written.java(FIRST, "First", "tool.Tool.NAME"));
    var files = new TreeMap<>(Map.of("more.txt", new byte[] {1}));
    try (var jar = new ZipFile(library.toFile());
        var tool = jar.getInputStream(jar.getEntry("tool/Tool.class"))) {
      files.put("tool/Tool.class", tool.readAllBytes());
    }
    var other = new JarStore(home).jar("made", "other", () -> files);
    var interrupted =
        MigrationsFolder.at(
            written.folder(),
            () -> {
              try {
                Files.copy(other, library, StandardCopyOption.REPLACE_EXISTING);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return ToolProvider.getSystemJavaCompiler();
            });

    assertThatThrownBy(interrupted::jars)
        .isInstanceOf(CannotCompile.class)
        .hasMessageContaining("changed while that was compiled; nothing was kept");
    assertThat(jarsInStore()).isEmpty();
  }

  @Test
  void jars_javaThatIsNotUtf8_isToldByTheFilesName() throws IOException {
    written.migration(FIRST, "First");
    Files.write(
        written.folder().resolve(FIRST + "/First.java"),
        Written.java(FIRST, "First", "\"\u00e9\"").getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> folder().jars())
        .isInstanceOfSatisfying(
            CannotCompile.class,
            e ->
                assertThat(String.join("\n", e.compilerLines()))
                    .contains("First.java is not in UTF-8"));
  }

  private static String used(String text) {
    return """
    package shared;
    public class Used {
      public static String text() { return "TEXT"; }
    }
    """
        .replace("TEXT", text);
  }

  /** What the one migration in {@code jars} makes the attribute {@code a}. */
  private static String up(List<Path> jars) throws Exception {
    try (var loader = loader(jars)) {
      var change =
          Migrations.discover(loader)
              .byId(FIRST)
              .up()
              .apply(Item.empty(), new TransformContext("run", Instant.EPOCH, Map.of()));
      return ((Change.Replace) change).item().string("a");
    }
  }

  @Test
  void digest_aMigrationsOwnSources_andThoseItUses_makeIt_andNothingElse() throws IOException {
    written
        .migration(FIRST, "First")
        .source(SECOND + "/Second.java", Written.java(SECOND, "Second", "shared.Used.TEXT"))
        .source(
            "shared/shared/Used.java",
            "package shared; public class Used { public static String TEXT = \"1\"; }")
        .source("shared/shared/Unused.java", "package shared; public class Unused {}");
    var before = digests();

    written
        .migration("20261122-third", "Third")
        .source("shared/shared/Unused.java", "package shared; public class Unused { int i; }")
        .source(FIRST + "/FirstTest.java", "class FirstTest {}");
    assertThat(digests()).containsAllEntriesOf(before);

    written.source(
        FIRST + "/First.java", Written.java(FIRST, "First", "\"new\"").replace("\n", "\r\n"));
    assertThat(digests()).as("lines that end otherwise").containsAllEntriesOf(before);

    written.source(
        "shared/shared/Used.java",
        "package shared; public class Used { public static String TEXT = \"2\"; }");
    var after = digests();
    assertThat(after.get(FIRST)).isEqualTo(before.get(FIRST));
    assertThat(after.get(SECOND)).isNotEqualTo(before.get(SECOND));
  }

  @Test
  void digest_ofAFolderThatIsNamedOtherwise_isTheSame() throws IOException {
    written
        .source(FIRST + "/First.java", Written.java(FIRST, "First", "shared.Used.TEXT"))
        .source(
            "shared/shared/Used.java",
            "package shared; public class Used { public static String TEXT = \"1\"; }");
    var link = Files.createSymbolicLink(home.resolve("link"), written.folder());
    var relative = Path.of("").toAbsolutePath().relativize(written.folder());

    var digest = CodeDigest.of(folder().jars().get(0));
    for (Path name : List.of(link, relative)) {
      delete(home.resolve(".godwit"));
      assertThat(CodeDigest.of(MigrationsFolder.at(name).jars().get(0))).isEqualTo(digest);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void jars_ofTwoThatUseTheSameSharedClass_bothHaveIt() throws Exception {
    written
        .source(FIRST + "/First.java", Written.java(FIRST, "First", "shared.Used.TEXT"))
        .source(SECOND + "/Second.java", Written.java(SECOND, "Second", "shared.Used.TEXT"))
        .source(
            "shared/shared/Used.java",
            "package shared; public class Used { public static String TEXT = \"1\"; }");

    var jars = folder().jars();

    assertThat(entries(jars.get(0))).contains("shared/Used.class");
    assertThat(entries(jars.get(1))).contains("shared/Used.class");
  }

  @Test
  void jars_aLibrary_isThereToUse_andComesLast() throws Exception {
    var library =
        library(
            "package tool; public class Tool { public static String NAME = \"t\"; }", "tool/Tool");
    written.source(FIRST + "/First.java", Written.java(FIRST, "First", "tool.Tool.NAME"));

    var jars = folder().jars();

    assertThat(jars).hasSize(2).last().isEqualTo(library);
    try (var loader = loader(jars)) {
      assertThat(Migrations.discover(loader).all()).hasSize(1);
    }
  }

  @Test
  void jars_aLibraryThatLacksAnother_isOneSentence() throws Exception {
    library("package tool; public class Tool extends gone.Gone { }", "tool/Tool");
    written.source(
        FIRST + "/First.java",
        Written.java(FIRST, "First", "\"x\"")
            .replace(
                "public String id()",
                "Object tool; public First() throws Exception { tool = Class.forName(\"tool.Tool\"); }\npublic String id()"));

    assertRefused("needs the class gone.Gone, which is in no jar in");
  }

  @Test
  void jars_aLibraryThatIsNoJar_isOneSentence() {
    written.migration(FIRST, "First").source("lib/tool.jar", "text");

    assertRefused("tool.jar cannot be read as a jar (");
  }

  @Test
  void jars_javaThatDoesNotCompile_isToldAsTheCompilerToldIt() {
    written.source(FIRST + "/First.java", "public class First {\n  int x = \"text\";\n}\n");

    assertThatThrownBy(() -> folder().jars())
        .isInstanceOfSatisfying(
            CannotCompile.class,
            e -> {
              assertThat(e.compilerLines().get(0))
                  .endsWith(
                      "First.java:2: error: incompatible types: String cannot be converted to int");
              assertThat(e.compilerLines()).contains("  int x = \"text\";", "1 error");
              assertThat(e)
                  .hasMessageEndingWith("does not compile: mend what the compiler says above");
            });
    assertThat(home.resolve(".godwit")).doesNotExist();
  }

  @Test
  void jars_aRuntimeWithoutACompiler_isOneSentence() {
    written.migration(FIRST, "First");

    assertThatThrownBy(() -> withoutCompiler().jars())
        .isInstanceOf(CannotCompile.class)
        .hasMessageContaining("There is no Java compiler in")
        .hasMessageContaining("use a JDK, 17 or later");
  }

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "public class First {} | no class there implements dev.godwit.migration.Migration",
        "public abstract class First implements dev.godwit.migration.Migration {} | First is abstract; extend it there",
        "CLASS(First) class Other extends First {} | there are two, First and Other; give each a folder of its own",
        "CLASS(First) @ public First(int i) {} | must be public, with a public constructor that takes nothing",
        "CLASS(First) @ First() {} | must be public, with a public constructor that takes nothing",
        "CLASS(First) @ public First() { throw new IllegalStateException(\"so\"); } | cannot be made (java.lang.IllegalStateException: so)",
        "CLASS(First) @ static int i = 1 / Integer.parseInt(\"0\"); | cannot be made (java.lang.ExceptionInInitializerError)",
        "ID(20261120-other) | has the id 20261120-other; a migration's folder is named by its id",
        "ID(20261121-second) | Two migrations have the id 20261121-second: the one in",
      })
  void jars_aMigrationThatCannotBe_isOneSentence(String source, String sentence) {
    written.migration(SECOND, "Second");
    var text = source.strip();
    if (text.startsWith("ID(")) {
      text = Written.java(text.substring(3, text.length() - 1), "First", "1");
    } else if (text.startsWith("CLASS(First)")) {
      var more = text.substring("CLASS(First)".length()).strip();
      var first = Written.java(FIRST, "First", "1");
      text =
          more.startsWith("@")
              ? first.replace("public String id()", more.substring(1) + " public String id()")
              : first + more;
    }
    written.source(FIRST + "/First.java", text);

    assertRefused(sentence.strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "table", "description"})
  void jars_aMigrationThatThrowsWhenAskedWhatItIs_isOneSentence(String method) {
    var asked = "public String " + method + "() {";
    written.source(
        FIRST + "/First.java",
        Written.java(FIRST, "First", "1")
            .replace(asked, asked + " if (true) throw new IllegalStateException(\"so\");"));

    assertRefused("cannot say its id, table and description (java.lang.IllegalStateException: so)");
    assertRefused("The migration First in " + written.folder().resolve(FIRST));
  }

  @Test
  void jars_twoOfOneClassName_areOneSentence() {
    written.migration(FIRST, "Same").migration(SECOND, "Same");

    assertRefused("Two migrations have a class Same, one in");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "20261120-first/FirstTest.java | it has no Java but tests",
        "First.java | lies beside the folders of the migrations",
        "First/First.java | is not named by a migration's id",
        "20261340-first/First.java | is not named by a migration's id",
        "notes.txt | There is no migration in",
      })
  void at_sourcesInAWrongPlace_areOneSentence(String file, String sentence) {
    written.source(file, "class First {}");

    assertRefused(sentence.strip());
  }

  @Test
  void at_noFolder_isOneSentence() {
    assertThatThrownBy(() -> MigrationsFolder.at(home.resolve("gone")))
        .isInstanceOf(CannotCompile.class)
        .hasMessageContaining("There is no folder");
  }

  @Test
  void at_whatIsHidden_isNotLookedAt() {
    written
        .migration(FIRST, "First")
        .source(".idea/X.java", "class")
        .source(FIRST + "/.#First.java", "class");

    assertThat(folder().jars()).hasSize(1);
  }

  @Test
  void isOne_onlyAFolderThatHasAFolderForAMigration() {
    assertThat(MigrationsFolder.isOne(home.resolve("gone"))).isFalse();
    written.source("0001_initial.sql", "").source("first/First.java", "");
    assertThat(MigrationsFolder.isOne(written.folder())).isFalse();
    written.migration(FIRST, "First");
    assertThat(MigrationsFolder.isOne(written.folder())).isTrue();
  }

  @Test
  void tests_ofAMigration_areApartFromIt() throws Exception {
    written
        .migration(FIRST, "First")
        .source(FIRST + "/FirstTest.java", "public class FirstTest { First first; }")
        .source(FIRST + "/test/Helper.java", "class Helper { First first; }")
        .migration(SECOND, "Second");

    var tests = folder().tests(FIRST, List.of()).orElseThrow();

    assertThat(entries(tests.jar())).containsExactlyInAnyOrder("FirstTest.class", "Helper.class");
    assertThat(entries(tests.classPath().get(1)))
        .contains("First.class")
        .doesNotContain("Helper.class");
    assertThat(folder().tests(SECOND, List.of())).isEmpty();
    assertThatThrownBy(() -> folder().tests("20261122-third", List.of()))
        .hasMessageContaining("There is no migration 20261122-third in")
        .hasMessageContaining("there are: " + FIRST + ", " + SECOND);
  }

  @Test
  void jars_whatAKilledProcessLeft_isNotTakenForAJar() throws Exception {
    for (int i = 0; i < 12; i++) {
      written.migration("20261120-m-" + i, "M" + i);
    }
    for (int kill = 0; kill < 3; kill++) {
      int made = jarsInStore().size();
      var process = CompilingProcess.start(written.folder());
      while (process.isAlive() && jarsInStore().size() <= made) {
        Thread.onSpinWait();
      }
      process.destroyForcibly().waitFor();
      for (Path jar : jarsInStore()) {
        assertThat(entries(jar)).as(jar.toString()).hasSize(3);
      }
    }

    assertThat(folder().jars()).hasSize(12).allSatisfy(jar -> assertThat(entries(jar)).hasSize(3));
  }

  @Test
  void jars_whatIsHalfWritten_isMadeAnew() throws Exception {
    written.migration(FIRST, "First");
    var jar = folder().jars().get(0);
    var whole = Files.readAllBytes(jar);
    Files.delete(jar);
    Files.write(jar.resolveSibling("unfinished1.tmp"), new byte[] {1});

    assertThat(folder().jars()).containsExactly(jar);
    assertThat(Files.readAllBytes(jar)).as("the same byte for byte").isEqualTo(whole);
  }

  @Test
  void jars_manyAtOnce_allGetTheSame() throws Exception {
    written.migration(FIRST, "First").migration(SECOND, "Second");
    var pool = Executors.newFixedThreadPool(6);
    try {
      Callable<List<Path>> one = () -> folder().jars();
      var all = new ArrayList<Future<List<Path>>>();
      for (int i = 0; i < 6; i++) {
        all.add(pool.submit(one));
      }
      for (Future<List<Path>> jars : all) {
        assertThat(jars.get()).isEqualTo(all.get(0).get());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private MigrationsFolder folder() {
    return MigrationsFolder.at(written.folder());
  }

  private MigrationsFolder withoutCompiler() {
    return MigrationsFolder.at(written.folder(), () -> null);
  }

  private void assertRefused(String sentence) {
    assertThatThrownBy(() -> folder().jars())
        .isInstanceOf(CannotCompile.class)
        .hasMessageContaining(sentence)
        .message()
        .doesNotContain("\n");
  }

  private Map<String, String> digests() throws IOException {
    var digests = new TreeMap<String, String>();
    for (Path jar : folder().jars()) {
      digests.put(jar.getFileName().toString().replace(".jar", ""), CodeDigest.of(jar));
    }
    return digests;
  }

  private List<Path> jarsInStore() throws IOException {
    var store = home.resolve(".godwit/classes");
    if (!Files.isDirectory(store)) {
      return List.of();
    }
    var jars = new ArrayList<Path>();
    Files.walkFileTree(
        store,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (file.toString().endsWith(".jar")) {
              jars.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          /** Whoever compiles right now renames its files. */
          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        });
    return jars;
  }

  /** A jar in {@code lib/}; what it extends is not in it. */
  private Path library(String source, String className) throws IOException {
    var sources = Files.createDirectories(home.resolve("library/gone"));
    Files.writeString(sources.resolve("Gone.java"), "package gone; public class Gone {}");
    var file = Files.writeString(home.resolve("library/Tool.java"), source);
    var out = Files.createDirectories(home.resolve("library/out"));
    var compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(
            compiler.run(
                null,
                null,
                null,
                "--release",
                "17",
                "-d",
                out.toString(),
                file.toString(),
                sources.resolve("Gone.java").toString()))
        .isZero();
    var files = new TreeMap<String, byte[]>();
    files.put(className + ".class", Files.readAllBytes(out.resolve(className + ".class")));
    var jar = new JarStore(home).jar("made" + source.hashCode(), "tool", () -> files);
    Files.createDirectories(written.folder().resolve("lib"));
    return Files.copy(jar, written.folder().resolve("lib/tool.jar"));
  }

  private static List<String> entries(Path jar) throws IOException {
    try (var file = new ZipFile(jar.toFile())) {
      return file.stream().map(java.util.zip.ZipEntry::getName).toList();
    }
  }

  private static URLClassLoader loader(List<Path> jars) throws IOException {
    var urls = new ArrayList<URL>();
    for (Path jar : jars) {
      urls.add(jar.toUri().toURL());
    }
    return new URLClassLoader(
        urls.toArray(URL[]::new), MigrationsFolderTest.class.getClassLoader());
  }
}
