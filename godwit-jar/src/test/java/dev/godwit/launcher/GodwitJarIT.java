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
  /** No repository. */
  private static final String NOWHERE = "/there/is/none";

  /** Nothing was ever fetched into it. It is unpacked once for several tests. */
  private static @TempDir Path bareHome;

  @TempDir Path folder;
  private Path home;
  private Path work;

  @BeforeEach
  void makeFolders() throws IOException {
    home = Files.createDirectory(folder.resolve("home"));
    work = Files.createDirectory(folder.resolve("work"));
  }

  @Test
  void demoCreateAndTest_inAnEmptyFolder_needAJdkAlone() throws Exception {
    var demo = godwit(machinesRepository(), "demo", "--items=200", "--segments=4");
    assertThat(demo.code).as(demo.err).isZero();
    assertThat(demo.out)
        .contains("SUCCEEDED")
        .containsPattern("updated +200")
        .contains("java -jar godwit.jar demo --dry-run");
    assertThat(demo.err).contains("Fetching DynamoDBLocal").contains("Amazon's licence");

    var created = godwit(NOWHERE, "create", "add-label", "--table=Demo");
    assertThat(created.code).as(created.err).isZero();

    // Now everything is there.
    var tested = godwit(NOWHERE, "test");
    assertThat(tested.out).as(tested.err).contains("-add-label  1 test passed");
    assertThat(tested.code).isZero();
    assertThat(tested.err).doesNotContain("Fetch", "fetched");
  }

  @Test
  void demo_withoutDynamoDbLocal_saysWhereItIsFetchedAndEndsWith3() throws Exception {
    home = bareHome;

    var ended = godwit(NOWHERE, "demo", "--items=20");

    assertThat(ended.code).isEqualTo(3);
    assertThat(ended.err)
        .contains("DynamoDB Local cannot be fetched from file:///there/is/none/software/amazon")
        .contains("GODWIT_MAVEN_REPOSITORY")
        .doesNotContain("\tat ");
    assertThat(work).isEmptyDirectory();
  }

  @Test
  void demo_ofAnotherJarThanItWasBuiltWith_isNotTaken() throws Exception {
    home = bareHome;
    var jar = folder.resolve("repository").resolve(DynamoDbLocalJar.described().path());
    Files.createDirectories(jar.getParent());
    Files.writeString(jar, "something else");

    var ended = godwit(folder.resolve("repository").toString(), "demo", "--items=20");

    assertThat(ended.code).isEqualTo(3);
    assertThat(ended.err).contains("is not the DynamoDB Local that Godwit was built with");
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
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
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
