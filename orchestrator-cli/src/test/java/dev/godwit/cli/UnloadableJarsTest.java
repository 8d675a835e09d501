package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.engine.EmbeddedEngines;
import dev.godwit.cli.launch.ProcessInterrupts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars that cannot be what they are given for. */
class UnloadableJarsTest {
  private static final Pattern TRACE = Pattern.compile("trace, which is in (\\S+)");

  @TempDir Path folder;

  private final TestScreen screen = TestScreen.plain();

  @Test
  void jar_thatIsText_isOneSentence() throws IOException {
    var text = Files.writeString(folder.resolve("text.jar"), "no jar");

    assertThat(migrations(text)).isEqualTo(2);
    assertThat(screen.err()).contains("text.jar is no jar (").contains("--migrations");
    assertThat(screen.err().lines()).hasSize(1);
  }

  @Test
  void jar_builtForANewerJava_isOneSentence() throws IOException {
    assertThat(migrations(CompiledJar.of(folder, "", 55))).isEqualTo(2);
    assertThat(screen.err())
        .contains("The class theirs.Theirs was built for Java 55, and this is Java ")
        .contains("--release 17");
    assertThat(screen.err().lines()).hasSize(1);
  }

  @Test
  void jar_thatLacksALibrary_isOneSentence() throws IOException {
    var jar = CompiledJar.of(folder, "Object gone = new gone.Gone();", 17);

    assertThat(migrations(jar)).isEqualTo(2);
    assertThat(screen.err()).contains("A migration needs the class gone.Gone, which is in no jar");
    assertThat(screen.err().lines()).hasSize(1);
  }

  @Test
  void jar_thatLacksALibraryForItsTransformOnly_isOneSentence() throws IOException {
    var jar =
        CompiledJar.of(
            folder,
            "public java.util.Optional<ItemTransform> down() { new gone.Gone(); return null; }",
            17);

    assertThat(migrations(jar)).isEqualTo(2);
    assertThat(screen.err()).contains("A migration needs the class gone.Gone, which is in no jar");
    assertThat(screen.err().lines()).hasSize(1);
  }

  @Test
  void jar_whoseClassCannotBeInitialized_isOneSentence() throws IOException {
    var jar = CompiledJar.of(folder, "static int i = 1 / Integer.parseInt(\"0\");", 17);

    assertThat(migrations(jar)).isEqualTo(2);
    assertThat(screen.err())
        .contains("A migration's code cannot be loaded (java.lang.ExceptionInInitializerError");
    assertThat(screen.err().lines()).hasSize(1);
  }

  @Test
  void jar_thatThrowsAnyOtherError_exitsWith70AndSaysWhereTheTraceIs() throws IOException {
    var jar =
        CompiledJar.of(
            folder,
            "public java.util.Optional<ItemTransform> down() { throw new AssertionError(\"their fault\"); }",
            17);

    assertThat(migrations(jar)).isEqualTo(70);
    assertThat(screen.err())
        .contains("This is a fault of Godwit's (java.lang.AssertionError: their fault)");
    assertThat(screen.err().lines()).hasSize(1);
    var trace = TRACE.matcher(screen.err());
    assertThat(trace.find()).isTrue();
    var file = Path.of(trace.group(1));
    assertThat(file)
        .content()
        .contains("java.lang.AssertionError: their fault", "at theirs.Theirs.down(");
    Files.delete(file);
  }

  @Test
  void jar_whoseMigrationCannotBeMade_isOneSentenceThatSaysWhy() throws IOException {
    var jar =
        CompiledJar.of(folder, "public Theirs() { throw new IllegalStateException(\"so\"); }", 17);

    assertThat(migrations(jar)).isEqualTo(2);
    assertThat(screen.err())
        .contains("theirs.Theirs could not be instantiated (java.lang.IllegalStateException: so)");
    assertThat(screen.err().lines()).hasSize(1);
  }

  @Test
  void jar_whoseMigrationThrowsWhenAskedWhatItIs_isOneSentenceThatNamesIt() throws IOException {
    var jar =
        CompiledJar.of(
            folder, "public String id() { throw new IllegalStateException(\"so\"); }", 17);

    assertThat(migrations(jar)).isEqualTo(2);
    assertThat(screen.err())
        .contains("The migration theirs.Theirs cannot say its id, table and description (")
        .contains("java.lang.IllegalStateException: so");
    assertThat(screen.err().lines()).hasSize(1);
  }

  private int migrations(Path jar) {
    return new Godwit(
            screen.screen(),
            Map.of(),
            new EmbeddedEngines(),
            new NoAws(),
            new ProcessInterrupts(System.err, () -> {}))
        .execute("migrations", "--migrations-jar=" + jar);
  }
}
