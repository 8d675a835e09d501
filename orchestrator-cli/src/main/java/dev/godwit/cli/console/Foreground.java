package dev.godwit.cli.console;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Whether this process is in the foreground of its terminal. One in the background that changes the
 * terminal, or reads from it, is stopped by the system until it is brought to the foreground.
 */
final class Foreground {
  private static final Path STAT = Path.of("/proc/self/stat");

  /** From behind the name of the process, which may have spaces: proc(5), pgrp and tpgid. */
  private static final int GROUP = 2;

  private static final int FOREGROUND_GROUP = 5;

  private Foreground() {}

  static boolean isOurs() {
    try {
      return Files.exists(STAT) ? isOurs(Files.readString(STAT)) : isOursByPs();
    } catch (IOException e) {
      return false;
    }
  }

  /** By what Linux tells of a process. */
  static boolean isOurs(String stat) {
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return fields[GROUP].equals(fields[FOREGROUND_GROUP]);
  }

  /** Elsewhere {@code ps} marks those in the foreground. */
  private static boolean isOursByPs() throws IOException {
    var ps =
        new ProcessBuilder("ps", "-o", "stat=", "-p", "" + ProcessHandle.current().pid()).start();
    try {
      var told = new String(ps.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return ps.waitFor(5, TimeUnit.SECONDS) && told.contains("+");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      ps.destroy();
    }
  }
}
