package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code scripts/cdk} with another in the place of the CDK CLI, which says what it was told. */
class CdkScriptTest {
  private static final Path SCRIPT = Path.of("..", "scripts", "cdk");

  private @TempDir Path temp;
  private Path godwit;
  private Path callers;

  @BeforeEach
  void copy() throws IOException {
    godwit = Files.createDirectories(temp.toRealPath().resolve("godwit"));
    callers = Files.createDirectories(temp.toRealPath().resolve("callers"));
    Files.createDirectories(godwit.resolve("scripts"));
    executable(Files.copy(SCRIPT, godwit.resolve("scripts/cdk")));
    Files.createDirectories(godwit.resolve("infra/node_modules/.bin"));
    Files.writeString(godwit.resolve("infra/package-lock.json"), "{}");
    Files.writeString(godwit.resolve("infra/node_modules/.godwit-installed"), "{}");
    Files.writeString(godwit.resolve("infra/cdk.json"), "{}");
    executable(
        Files.writeString(
            godwit.resolve("infra/node_modules/.bin/cdk"),
            "#!/usr/bin/env bash\npwd\nprintf '%s\\n' \"$@\"\n"));
  }

  @Test
  void bootstrap_ofAnAccountAndRegion_runsWhereThereIsNoAppToSynthesize() throws Exception {
    var told = cdk("bootstrap", "aws://123456789012/eu-west-1");

    assertThat(Path.of(told.get(0)).resolve("cdk.json")).doesNotExist();
    assertThat(told).contains("bootstrap", "aws://123456789012/eu-west-1");
    assertThat(told).noneMatch(argument -> argument.startsWith("config="));
  }

  @Test
  void anyCommand_aFileInTheCallersFolder_isTheOneThatCounts() throws Exception {
    Files.writeString(callers.resolve("godwit.json"), "{}");

    for (String command : List.of("synth", "bootstrap", "diff")) {
      assertThat(cdk(command))
          .startsWith(godwit.resolve("infra").toString(), "--no-notices", command)
          .contains("config=" + callers.resolve("godwit.json"), "home=" + godwit);
    }
  }

  @Test
  void anyCommand_aFileThatIsNamed_isTakenFromTheCallersFolder() throws Exception {
    Files.writeString(callers.resolve("godwit.json"), "{}");

    assertThat(cdk("synth", "-c", "config=other/their.json", "-c", "home=/there", "-c", "tables=A"))
        .containsSubsequence(
            "synth",
            "-c",
            "config=" + callers.resolve("other/their.json"),
            "-c",
            "home=/there",
            "-c",
            "tables=A")
        .doesNotContain("config=" + callers.resolve("godwit.json"), "home=" + godwit);
  }

  @Test
  void version_asked_isPassedOnAsItIs() throws Exception {
    Files.writeString(callers.resolve("godwit.json"), "{}");

    assertThat(cdk("--version"))
        .containsExactly(godwit.resolve("infra").toString(), "--no-notices", "--version");
  }

  private List<String> cdk(String... arguments) throws Exception {
    var command = new ArrayList<>(List.of(godwit.resolve("scripts/cdk").toString()));
    command.addAll(List.of(arguments));
    // The installed CLI is asked for with npm, which need not be there for this.
    var npm = Files.createDirectories(temp.resolve("npm"));
    if (Files.notExists(npm.resolve("npm"))) {
      executable(Files.writeString(npm.resolve("npm"), "#!/usr/bin/env bash\nexit 1\n"));
    }
    var builder = new ProcessBuilder(command).directory(callers.toFile()).redirectErrorStream(true);
    builder.environment().merge("PATH", npm.toString(), (path, ours) -> ours + ":" + path);
    var process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output.lines().toList();
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
