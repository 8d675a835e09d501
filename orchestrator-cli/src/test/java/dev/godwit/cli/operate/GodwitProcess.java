package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.Main;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** The command as a process of its own, which can be killed. */
public final class GodwitProcess {
  private final Process process;
  private final Path out;
  private final Path err;

  private GodwitProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /**
   * @param folder where it runs
   */
  public static GodwitProcess start(Path folder, List<String> arguments) throws IOException {
    return start(folder, List.of(), arguments);
  }

  /**
   * @param folder where it runs
   * @param around a command that runs the one behind it
   */
  public static GodwitProcess start(Path folder, List<String> around, List<String> arguments)
      throws IOException {
    var command = new ArrayList<>(around);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx200m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Daws.accessKeyId=local",
            "-Daws.secretAccessKey=local",
            "-cp",
            System.getProperty("java.class.path"),
            "-XX:-UsePerfData",
            Main.class.getName()));
    command.addAll(arguments);
    var out = Files.createTempFile(folder, "out", ".txt");
    var err = Files.createTempFile(folder, "err", ".txt");
    var process =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new GodwitProcess(process, out, err);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Its exit code. A test that is given up while it waits here takes the process with it. */
  public int await() throws InterruptedException {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      throw new AssertionError("It does not end: " + told(), e);
    }
  }

  /**
   * Sends it a signal, when it has said {@code text}.
   *
   * @param name as in INT
   */
  void signal(String name, String text) throws IOException, InterruptedException {
    Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .until(() -> told().contains(text) || !process.isAlive());
    assertThat(process.isAlive()).as(told()).isTrue();
    new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
  }

  /** What it has written to stdout. */
  public String out() throws IOException {
    return Files.readString(out, StandardCharsets.UTF_8);
  }

  /** All that it has written. */
  public String told() {
    try {
      return out() + Files.readString(err, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
