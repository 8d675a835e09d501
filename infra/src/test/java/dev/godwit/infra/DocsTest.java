package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the pages show works. */
class DocsTest {
  private static final Path DOCS = Path.of("..", "docs");

  @Test
  void awsPage_itsJava_compiles(@TempDir Path folder) throws IOException {
    var blocks = blocks("aws.md", "java");
    assertThat(blocks).hasSize(1);
    var compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new StringWriter();
    var task =
        compiler.getTask(
            messages,
            null,
            null,
            List.of("-d", folder.toString(), "-proc:none"),
            null,
            List.of(source(blocks.get(0))));

    assertThat(task.call()).as("compiles: %s", messages).isTrue();
  }

  @Test
  void keyChangePage_itsStackAndItsOptions_areTaken(@TempDir Path folder) throws IOException {
    var stack =
        blocks("key-change.md", "java").stream()
            .filter(block -> block.contains("extends Stack"))
            .toList();
    assertThat(stack).hasSize(1);
    var messages = new StringWriter();
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .getTask(
                    messages,
                    null,
                    null,
                    List.of("-d", folder.toString(), "-proc:none"),
                    null,
                    List.of(source(stack.get(0))))
                .call())
        .as("compiles: %s", messages)
        .isTrue();
    for (String jars : List.of("segment-worker/target", "infra/target")) {
      Files.createDirectories(folder.resolve(jars));
    }
    Placeholder.jar(folder, "segment-worker/target/segment-worker-lambda.jar");
    Placeholder.jar(folder, "infra/target/deployment-lambda.jar");
    var options = blocks("key-change.md", "json");
    assertThat(options).hasSize(1);
    assertThat(
            DeploymentOptions.read(
                    Files.writeString(folder.resolve("godwit.json"), options.get(0)), Map.of())
                .props(new software.amazon.awscdk.Stack())
                .deploymentRuns
                .get(0)
                .migrations())
        .containsExactly(
            new DeploymentRun.Step(
                "20261126-books-by-isbn",
                DeploymentRun.NewKey.of("Books-2", "replace-older:updatedAt", "table", true)));
  }

  @Test
  void awsPage_itsOptions_areTaken(@TempDir Path folder) throws IOException {
    var files = blocks("aws.md", "json").stream().filter(b -> b.contains("\"tables\"")).toList();
    assertThat(files).hasSize(2);
    var migration = Files.createDirectories(folder.resolve("migrations/20261126-first"));
    Files.writeString(
        migration.resolve("First.java"),
        """
        import dev.godwit.migration.*;
        public class First implements Migration {
          public String id() { return "20261126-first"; }
          public String table() { return "*"; }
          public String description() { return "Test"; }
          public ItemTransform up() { return (item, context) -> Change.keep(); }
        }
        """);
    Files.createDirectory(folder.resolve("build"));
    Placeholder.jar(folder, "build/our-migrations.jar");
    for (String folders : List.of("segment-worker/target", "infra/target")) {
      Files.createDirectories(folder.resolve(folders));
    }
    Placeholder.jar(folder, "segment-worker/target/segment-worker-lambda.jar");
    Placeholder.jar(folder, "infra/target/deployment-lambda.jar");
    for (String file : files) {
      var options =
          DeploymentOptions.read(Files.writeString(folder.resolve("godwit.json"), file), Map.of());
      assertThat(options.props(new software.amazon.awscdk.Stack()).tables)
          .containsExactly(TableRef.of("Cities"));
    }
  }

  @Test
  void stagesPage_itsFile_isTaken(@TempDir Path folder) throws IOException {
    var files = blocks("stages.md", "json");
    assertThat(files).hasSize(1);
    Files.createDirectories(folder.resolve("segment-worker/target"));
    Placeholder.jar(folder, "segment-worker/target/segment-worker-lambda.jar");
    var options =
        DeploymentOptions.read(
            Files.writeString(folder.resolve("godwit.json"), files.get(0)), Map.of());
    assertThat(options.props(new software.amazon.awscdk.Stack()).tables)
        .containsExactly(TableRef.of("Users-prod"));
  }

  @Test
  void awsPage_itsTable_namesEveryOption() throws IOException {
    String page = Files.readString(DOCS.resolve("aws.md"));
    for (String option : DeploymentOptions.CONTEXT) {
      if (!option.equals("home")) {
        assertThat(page).contains("`" + option + "`");
      }
    }
  }

  @Test
  void threatModel_theTestsThatItNames_areThere() throws Exception {
    var names =
        Pattern.compile("`(\\w+Test)\\.(\\w+)`")
            .matcher(Files.readString(DOCS.resolve("threat-model.md")));
    var found = new ArrayList<String>();
    while (names.find()) {
      found.add(names.group(2));
      assertThat(
              Arrays.stream(
                      Class.forName("dev.godwit.infra." + names.group(1)).getDeclaredMethods())
                  .map(java.lang.reflect.Method::getName))
          .contains(names.group(2));
    }
    assertThat(found).hasSizeGreaterThan(3);
  }

  private static List<String> blocks(String page, String language) throws IOException {
    var matcher =
        Pattern.compile("```" + language + "\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(DOCS.resolve(page)));
    var blocks = new ArrayList<String>();
    while (matcher.find()) {
      blocks.add(matcher.group(1));
    }
    return blocks;
  }

  private static JavaFileObject source(String text) {
    return new SimpleJavaFileObject(
        URI.create("string:///CitiesStack.java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return text;
      }
    };
  }
}
