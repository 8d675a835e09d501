package dev.godwit.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar, in an empty folder and with an empty home, on nothing but a JDK. */
class GodwitJarIT {
  @TempDir Path folder;
  private Path home;
  private Path work;

  @BeforeEach
  void makeFolders() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    work = Files.createDirectory(folder.resolve("work"));
  }

  @Test
  void demo_inAnEmptyFolder_runsAndSaysHowToGoOn() throws Exception {
    var ended = godwit(machinesRepository(), "demo", "--items=200", "--segments=4");

    assertThat(ended.code).as(ended.err).isZero();
    assertThat(ended.out)
        .contains("SUCCEEDED")
        .containsPattern("updated +200")
        .contains("java -jar godwit.jar demo --dry-run");
    assertThat(ended.err).contains("Fetching DynamoDBLocal").contains("Amazon's licence");

    // The second time everything is there.
    var again = godwit("/there/is/none", "demo", "--items=20", "--segments=2");
    assertThat(again.code).as(again.err).isZero();
    assertThat(again.err).doesNotContain("Fetching");
  }

  @Test
  void demo_withoutDynamoDbLocal_saysWhereItIsFetchedAndEndsWith3() throws Exception {
    var ended = godwit("/there/is/none", "demo", "--items=20");

    assertThat(ended.code).isEqualTo(3);
    assertThat(ended.err)
        .contains("DynamoDB Local cannot be fetched from file:///there/is/none/software/amazon")
        .contains("GODWIT_MAVEN_REPOSITORY")
        .doesNotContain("\tat ");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void demo_ofAnotherJarThanItWasBuiltWith_isNotTaken() throws Exception {
    var jar = folder.resolve("repository").resolve(DynamoDbLocalJar.described().path());
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "something else");

    var ended = godwit(folder.resolve("repository").toString(), "demo", "--items=20");

    assertThat(ended.code).isEqualTo(3);
    assertThat(ended.err).contains("is not the DynamoDB Local that Godwit was built with");
  }

  @Test
  void test_ofACreatedMigration_passes() throws Exception {
    var created = godwit(machinesRepository(), "create", "add-label", "--table=Demo");
    assertThat(created.code).as(created.err).isZero();

    var tested = godwit(machinesRepository(), "test");

    assertThat(tested.out + tested.err).contains("-add-label  1 test passed");
    assertThat(tested.code).isZero();
  }

  private static String machinesRepository() {
    return System.getProperty("godwit.maven.repository");
  }

  private record Ended(int code, String out, String err) {}

  private Ended godwit(String repository, String... arguments) throws Exception {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Duser.home=" + home,
                "-jar",
                System.getProperty("godwit.jar")));
    command.addAll(List.of(arguments));
    var out = folder.resolve("out").toFile();
    var err = folder.resolve("err").toFile();
    var builder =
        new ProcessBuilder(command).directory(work.toFile()).redirectOutput(out).redirectError(err);
    builder.environment().clear();
    builder.environment().put("GODWIT_MAVEN_REPOSITORY", repository);
    var process = builder.start();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(out.toPath(), StandardCharsets.UTF_8),
        Files.readString(err.toPath(), StandardCharsets.UTF_8));
  }
}
