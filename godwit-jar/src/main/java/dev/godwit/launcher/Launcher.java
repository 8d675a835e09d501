package dev.godwit.launcher;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of {@code java -jar godwit.jar}: puts the jars that are in it on the class path, as
 * {@code scripts/godwit} has them, and goes on with the command.
 *
 * <p>It is the jar's agent, too: that is how a JDK lets a program add to its own class path.
 */
public final class Launcher {
  /** The command itself, in one of the jars. */
  private static final String MAIN = "dev.godwit.cli.Main";

  /** Ends as {@code ExitCode.UNREACHABLE} does: something could not be reached. */
  private static final int UNREACHABLE = 3;

  /** The JVM calls two methods of one class; what the first is given, the second needs. */
  private static @Nullable Instrumentation instrumentation;

  private Launcher() {}

  /** Called by the JVM, before {@link #main}. */
  public static void agentmain(String options, Instrumentation given) {
    instrumentation = given;
  }

  /** Called by the JVM. */
  public static void main(String[] arguments) throws Throwable {
    var given = instrumentation;
    if (given == null) {
      System.err.println("Start this with java -jar: it cannot find its own jars otherwise.");
      System.exit(UNREACHABLE);
      return;
    }
    try {
      var cache = Cache.found(System.getenv());
      for (Path jar : new PackedJars(cache).unpacked()) {
        add(given, jar);
      }
      var need = DynamoDbLocalJar.neededBy(arguments);
      if (need != DynamoDbLocalJar.Need.NONE) {
        try {
          add(given, DynamoDbLocalJar.described().in(cache, System.getenv(), System.err));
        } catch (IOException e) {
          System.err.println(e.getMessage());
          if (need == DynamoDbLocalJar.Need.NOT_WITHOUT) {
            System.exit(UNREACHABLE);
          }
        }
      }
    } catch (IOException e) {
      System.err.println(
          "What is in godwit.jar cannot be unpacked ("
              + e
              + "); make room, or name another folder in GODWIT_CACHE. Nothing was done");
      System.exit(UNREACHABLE);
    }
    Terminal.tell();
    System.setProperty("godwit.called", "java -jar " + PackedJars.own().getFileName());
    run(arguments);
  }

  private static void run(String... arguments) throws Throwable {
    try {
      ClassLoader.getSystemClassLoader()
          .loadClass(MAIN)
          .getMethod("main", String[].class)
          .invoke(null, (Object) arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static void add(Instrumentation to, Path jar) throws IOException {
    try (var opened = new JarFile(jar.toFile())) { // only its name is taken
      to.appendToSystemClassLoaderSearch(opened);
    }
  }
}
