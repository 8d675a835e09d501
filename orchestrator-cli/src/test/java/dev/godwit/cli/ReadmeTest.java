package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.ProcessInterrupts;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the README shows is so. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern JAVA = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern CLASS =
      Pattern.compile("^(?:public )?(?:final )?class (\\w+)", Pattern.MULTILINE);
  private static final Pattern SCRIPT =
      Pattern.compile("^\\$? ?scripts/(\\w+)((?: [^\\n#]*)?)", Pattern.MULTILINE);
  private static final Pattern OPTION = Pattern.compile("--[a-z-]+");
  private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)");
  private static final Pattern EXIT_CODE = Pattern.compile("^\\| (\\d+) \\| ", Pattern.MULTILINE);

  @TempDir Path folder;

  @Test
  void java_ofTheReadme_compiles_andItsTestPasses() throws Exception {
    var sources = JAVA.matcher(readme()).results().map(block -> block.group(1)).toList();
    assertThat(sources).hasSize(2);
    assertThat(different(sources.get(0), created("AddLabel.java"))).isEqualTo(1);
    assertThat(different(sources.get(1), created("AddLabelTest.java"))).isEqualTo(2);
    compile(sources);
    try (var loader =
        new URLClassLoader(new URL[] {folder.toUri().toURL()}, getClass().getClassLoader())) {
      var test = loader.loadClass("AddLabelTest");
      var method = test.getDeclaredMethod("up_anItemWithoutIt_getsLabel");
      assertThat(method.isAnnotationPresent(Test.class)).isTrue();
      method.setAccessible(true);
      var made = test.getDeclaredConstructor();
      made.setAccessible(true);
      method.invoke(made.newInstance());
    }
  }

  @Test
  void scripts_ofTheReadme_areThere_andKnowTheOptionsShown() throws IOException {
    var calls = SCRIPT.matcher(readme()).results().toList();
    assertThat(calls).hasSizeGreaterThan(5);
    for (MatchResult call : calls) {
      var script = ROOT.resolve("scripts").resolve(call.group(1));
      assertThat(script).isExecutable();
      var command =
          call.group(1).equals("godwit")
              ? call.group(2).strip().replaceFirst(" .*", "")
              : call.group(1);
      var help = help(command);
      OPTION
          .matcher(call.group(2))
          .results()
          .filter(option -> !option.group().equals("--help"))
          .forEach(option -> assertThat(help).as(call.group()).contains(option.group()));
    }
  }

  @Test
  void exitCodes_ofTheReadme_areThose() throws IOException {
    assertThat(EXIT_CODE.matcher(readme()).results().map(row -> Integer.valueOf(row.group(1))))
        .containsExactlyElementsOf(Arrays.stream(ExitCode.values()).map(ExitCode::code).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "CONTRIBUTING.md"})
  void links_leadSomewhere(String page) throws IOException {
    LINK.matcher(Files.readString(ROOT.resolve(page)))
        .results()
        .forEach(link -> assertThat(ROOT.resolve(link.group(1))).exists());
  }

  private static String readme() throws IOException {
    return Files.readString(ROOT.resolve("README.md"));
  }

  private static String help(String command) {
    return godwit(command, "--help");
  }

  private static String godwit(String... arguments) {
    var screen = TestScreen.plain();
    int exit =
        new Godwit(
                screen.screen(),
                Map.of(),
                new EmbeddedEngines(),
                new NoAws(),
                new ProcessInterrupts(System.err, () -> {}),
                Clock.fixed(Instant.parse("2026-11-26T12:00:00Z"), ZoneOffset.UTC))
            .execute(arguments);
    assertThat(exit).as(screen.err()).isZero();
    return screen.out();
  }

  /** What {@code create} writes before anybody changes it. */
  private String created(String file) throws IOException {
    var migrations = folder.resolve("migrations");
    if (Files.notExists(migrations)) {
      godwit("create", "add-label", "--table=Demo", "--folder=" + migrations);
    }
    return Files.readString(migrations.resolve("20261126-add-label").resolve(file));
  }

  /** How many lines were changed, when none was added or taken away. */
  private static long different(String changed, String before) {
    var now = changed.lines().toList();
    var then = before.lines().toList();
    assertThat(now).hasSameSizeAs(then);
    return IntStream.range(0, now.size()).filter(i -> !now.get(i).equals(then.get(i))).count();
  }

  private void compile(List<String> sources) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var units = sources.stream().map(ReadmeTest::unit).toList();
      var options =
          List.of(
              "--release",
              "17",
              "-d",
              folder.toString(),
              "-classpath",
              System.getProperty("java.class.path"),
              "-proc:none");
      assertThat(compiler.getTask(null, files, null, options, null, units).call()).isTrue();
    }
  }

  private static JavaFileObject unit(String source) {
    var name = CLASS.matcher(source);
    assertThat(name.find()).as("a class in %s", source).isTrue();
    return new SimpleJavaFileObject(
        URI.create("string:///" + name.group(1) + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source;
      }
    };
  }
}
