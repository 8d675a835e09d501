package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The command as a process of its own, and the scripts in front of it. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "The scripts are bash")
class ProcessTest {
  private static final Path SCRIPTS = Path.of("..", "scripts").toAbsolutePath().normalize();

  @TempDir Path folder;

  @Test
  void demo_interruptedInTheMiddle_stopsAtAPageBoundaryAndExitsWith130() throws Exception {
    // Slow on purpose: the budget makes it last, whatever the machine.
    var process =
        start(
            List.of(
                // A build in the background ignores INT, and what it starts would inherit that.
                which("env").toString(),
                "--default-signal=INT",
                java(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "demo",
                "--items=4000",
                "--segments=40",
                "--max-concurrency=2",
                "--write-units-per-second=100",
                "--results=" + folder.resolve("results")));
    Awaitility.await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> text("err").contains("Migrating") || !process.isAlive());
    assertThat(process.isAlive()).as(text("err")).isTrue();

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(text("err")).isEqualTo(130);
    assertThat(text("err"))
        .contains("Stopping: the pages that are being written are finished first.")
        .contains("Stopped; everything counted is written.");
    assertThat(text("out")).contains("ABORTED");
  }

  /** By script(1), of util-linux, which gives a process a terminal of its own. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "Elsewhere script(1) takes other arguments")
  void demo_onATerminal_hearsKeysAndLeavesTheTerminalAsItWas() throws Exception {
    var demo =
        String.join(
            " ",
            List.of(
                java(),
                "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Dgodwit.live=true -Dgodwit.asks=true -cp \"$CP\"",
                Main.class.getName(),
                "demo --items=4000 --segments=40 --max-concurrency=2",
                "--write-units-per-second=100 --results=" + folder.resolve("results")));
    var inside =
        "trap : INT; stty cols 100; stty -a >before; "
            + demo
            + " >told; echo $? >exit; stty -a >after";
    var builder =
        builder(
            List.of(
                which("env").toString(),
                "--default-signal=INT",
                which("script").toString(),
                "-qec",
                inside,
                "/dev/null"));
    builder.environment().put("CP", System.getProperty("java.class.path"));
    builder.environment().put("TERM", "xterm");
    builder.environment().put("SHELL", which("sh").toString());
    var process = builder.start();
    try (var keys = process.getOutputStream()) {
      shown(process, "p pause or resume");
      // before it has begun, nothing can be changed
      shown(process, Pattern.compile("40 segments: [1-9]\\d* done"));
      press(keys, "+");
      shown(process, "Write units per second 110 instead of 100.");
      press(keys, "p");
      shown(process, "Paused.");
      shown(process, "items/s, paused");
      press(keys, "q");
      shown(process, "Ctrl-C stops it");
      press(keys, "\u0003");
      assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(text("exit")).as(text("out")).isEqualToIgnoringWhitespace("130");
    assertThat(text("told")).contains("ABORTED");
    assertThat(text("before")).contains("icanon", "columns 100");
    assertThat(text("after")).isEqualTo(text("before"));
  }

  private void shown(Process process, String text) {
    shown(process, Pattern.compile(Pattern.quote(text)));
  }

  private void shown(Process process, Pattern text) {
    Awaitility.await(text.pattern())
        .atMost(Duration.ofMinutes(2))
        .until(() -> text.matcher(text("out")).find() || !process.isAlive());
    assertThat(process.isAlive()).isTrue();
  }

  private static void press(OutputStream keys, String key) throws IOException {
    keys.write(key.getBytes(StandardCharsets.US_ASCII));
    keys.flush();
  }

  @ParameterizedTest
  @ValueSource(strings = {"demo", "run", "godwit"})
  void script_askedForHelp_answersWithoutBuilding(String script) throws Exception {
    // Neither java nor mvn can be found, only what bash itself needs.
    var bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : List.of("dirname", "readlink", "cat")) {
      var only =
          Files.writeString(bin.resolve(tool), "#!/bin/sh\nexec " + which(tool) + " \"$@\"\n");
      assertThat(only.toFile().setExecutable(true)).isTrue();
    }
    var process =
        start(List.of(which("bash").toString(), SCRIPTS.resolve(script).toString(), "--help"), bin);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(text("err")).isZero();
    assertThat(text("out")).startsWith("Usage: scripts/" + script);
    assertThat(text("err")).isEmpty();
  }

  private Process start(List<String> command) throws IOException {
    return builder(command).start();
  }

  private Process start(List<String> command, Path onlyPath) throws IOException {
    var builder = builder(command);
    builder.environment().put("PATH", onlyPath.toString());
    return builder.start();
  }

  private ProcessBuilder builder(List<String> command) {
    return new ProcessBuilder(new ArrayList<>(command))
        .directory(folder.toFile())
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile());
  }

  private String text(String name) throws IOException {
    return Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path which(String tool) {
    return Stream.of("/bin", "/usr/bin", "/usr/local/bin")
        .map(folder -> Path.of(folder, tool))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new AssertionError("There is no " + tool));
  }
}
