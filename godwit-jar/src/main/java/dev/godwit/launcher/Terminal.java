package dev.godwit.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a person looks on. The scripts tell the command by two properties; this tells it where
 * the system has {@code /proc}. Elsewhere there are plain lines, and nothing is asked.
 */
final class Terminal {
  private Terminal() {}

  /** Sets the properties, unless they are set. */
  static void tell() {
    boolean shown = is(2);
    setUnlessSet("godwit.live", shown);
    setUnlessSet("godwit.asks", shown && is(0));
  }

  private static void setUnlessSet(String name, boolean value) {
    if (System.getProperty(name) == null) {
      System.setProperty(name, Boolean.toString(value));
    }
  }

  private static boolean is(int descriptor) {
    try {
      var target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
      return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
