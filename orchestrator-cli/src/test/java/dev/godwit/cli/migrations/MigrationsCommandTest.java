package dev.godwit.cli.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.TestScreen;
import dev.godwit.migration.Change;
import dev.godwit.migration.InvalidMigrationException;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MigrationsCommandTest {
  @TempDir Path folder;

  private final TestScreen screen = TestScreen.plain();

  @Test
  void migrations_withoutJar_areTheExamples() {
    assertThat(list()).isZero();
    assertThat(screen.out().lines()).hasSize(4);
    assertThat(screen.out())
        .containsPattern(
            "20261120-city-coordinates +Cities\\* +up, down  [0-9a-f]{12}  Turns lat and lng")
        .containsPattern("20261120-updated-at +\\* +up +[0-9a-f]{12}  Adds updatedAt");
  }

  @Test
  void migrations_withAJar_areItsOwnAlone() throws IOException {
    assertThat(list("--migrations-jar=" + jar(Mine.class.getName()))).isZero();
    assertThat(screen.out().lines()).hasSize(1);
    assertThat(screen.out()).contains("20261121-mine");
  }

  @Test
  void migrations_withAJarThatRegistersNone_saysHowToRegister() throws IOException {
    var jar = folder.resolve("empty.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("nothing"));
    }
    assertThat(list("--migrations-jar=" + jar)).isZero();
    assertThat(screen.out()).isEmpty();
    assertThat(screen.err()).contains("META-INF/services/dev.godwit.migration.Migration");
  }

  @Test
  void load_aJarWhoseClassIsMissing_isInvalid() throws IOException {
    var jar = jar("com.example.Gone");
    assertThatThrownBy(() -> MigrationJars.load(List.of(jar)))
        .isInstanceOf(InvalidMigrationException.class)
        .hasMessageContaining("com.example.Gone");
  }

  private int list(String... arguments) {
    return new CommandLine(new MigrationsCommand(screen.screen())).execute(arguments);
  }

  private Path jar(String className) throws IOException {
    var jar = folder.resolve("migrations.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/services/" + Migration.class.getName()));
      out.write(className.getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  /** A user's migration; its class is on the tests' own path, its registration in the jar. */
  public static final class Mine implements Migration {
    @Override
    public String id() {
      return "20261121-mine";
    }

    @Override
    public String table() {
      return "*";
    }

    @Override
    public String description() {
      return "Mine";
    }

    @Override
    public ItemTransform up() {
      return (item, context) -> Change.keep();
    }
  }
}
