package dev.godwit.compiler;

import java.nio.file.Path;

/** Compiles a folder in a process of its own, which can be killed. */
final class CompilingProcess {
  private CompilingProcess() {}

  public static void main(String[] arguments) {
    MigrationsFolder.at(Path.of(arguments[0])).jars();
  }

  static Process start(Path folder) throws java.io.IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("java.class.path"),
            CompilingProcess.class.getName(),
            folder.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }
}
