package dev.godwit.cli.migrations;

import java.util.regex.Pattern;

/** Says in one sentence why a migration's class cannot be loaded. */
public final class UnloadableCode {
  private static final Pattern NEWER =
      Pattern.compile("(\\S+) has been compiled by a more recent .*?class file version (\\d+)");

  private static final Pattern OWN = Pattern.compile("dev/godwit/(?!migration/|testkit/)\\S+$");

  /** What is taken from a class file's version to get that of Java: the JVM specification, 4.1. */
  private static final int BEFORE_JAVA = 44;

  private UnloadableCode() {}

  /**
   * Whether it is a class of Godwit's own that is missing, and none that a migration may need in a
   * newer version: what migrations and their tests are written against.
   */
  public static boolean isGodwits(LinkageError thrown) {
    return thrown instanceof NoClassDefFoundError
        && OWN.matcher(String.valueOf(thrown.getMessage())).lookingAt();
  }

  /** For people; it names the class, and what to do. */
  public static String sentence(LinkageError thrown) {
    var said = String.valueOf(thrown.getMessage());
    var newer = NEWER.matcher(said);
    if (thrown instanceof UnsupportedClassVersionError && newer.find()) {
      return "The class "
          + newer.group(1).replace('/', '.')
          + " was built for Java "
          + (Integer.parseInt(newer.group(2)) - BEFORE_JAVA)
          + ", and this is Java "
          + Runtime.version().feature()
          + "; build it for Java 17 (--release 17), which runs here and on Lambda";
    }
    if (thrown instanceof NoClassDefFoundError && !said.contains(" ")) {
      return "A migration needs the class "
          + said.replace('/', '.')
          + ", which is in no jar that was given; give the jar that has it with --migrations-jar, too";
    }
    return "A migration's code cannot be loaded ("
        + thrown
        + "); build its jar anew, and for Java 17";
  }
}
