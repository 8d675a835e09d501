package dev.godwit.asl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A script of {@code src/test/node} in Node.js. What it needs is pinned by its package-lock.json,
 * and installed once, from npm.
 */
final class NodeScript {
  private static final Path FOLDER = Path.of("src/test/node").toAbsolutePath();

  private final String name;

  NodeScript(String name) {
    this.name = name;
  }

  /** The lines that it writes for {@code input}; fails if it does. */
  List<String> lines(String input) throws Exception {
    install();
    return run(List.of("node", name), input).lines().toList();
  }

  private static synchronized void install() throws Exception {
    Path lock = FOLDER.resolve("package-lock.json");
    Path installed = FOLDER.resolve("node_modules/.godwit-installed");
    if (Files.exists(installed) && Files.mismatch(lock, installed) == -1) {
      return;
    }
    run(
        List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
        "");
    Files.copy(lock, installed);
  }

  private static String run(List<String> command, String input) throws Exception {
    Path in = Files.createTempFile("godwit", ".in");
    Path errors = Files.createTempFile("godwit", ".err");
    try {
      Files.writeString(in, input);
      Process process = start(command, in, errors);
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(5, TimeUnit.MINUTES)).as("%s ends", command).isTrue();
      assertThat(process.exitValue()).as("%s: %s", command, Files.readString(errors)).isZero();
      return output;
    } finally {
      Files.delete(in);
      Files.delete(errors);
    }
  }

  private static Process start(List<String> command, Path in, Path errors) {
    try {
      return new ProcessBuilder(command)
          .directory(FOLDER.toFile())
          .redirectInput(in.toFile())
          .redirectError(errors.toFile())
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "There is no " + command.get(0) + ": install Node.js 20 or newer with npm.", e);
    }
  }
}
