package dev.godwit.cli.migrations;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.InvalidMigrationException;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.ZipFile;

/** Users' migrations, in jars of their own. */
public final class MigrationJars {
  private static final String SERVICES = "META-INF/services/" + Migration.class.getName();

  private MigrationJars() {}

  /**
   * The migrations in {@code jars}, and no others; without jars, the examples.
   *
   * @throws CommandFailed when a jar is not there, is no jar, or has code that cannot be loaded
   * @throws dev.godwit.migration.InvalidMigrationException when a migration cannot be loaded
   */
  public static Migrations load(List<Path> jars) {
    var parent = MigrationJars.class.getClassLoader();
    try {
      return Migrations.discover(jars.isEmpty() ? parent : new JarLoader(urls(jars), parent));
    } catch (LinkageError e) {
      throw unloadable(e);
    } catch (InvalidMigrationException e) {
      if (e.getCause() != null && e.getCause().getCause() instanceof LinkageError unloadable) {
        throw unloadable(unloadable);
      }
      throw e;
    }
  }

  private static CommandFailed unloadable(LinkageError e) {
    return new CommandFailed(ExitCode.BAD_USAGE, UnloadableCode.sentence(e), e);
  }

  private static URL[] urls(List<Path> jars) {
    var urls = new ArrayList<URL>();
    for (Path jar : jars) {
      if (!Files.isReadable(jar)) {
        throw new CommandFailed(
            ExitCode.BAD_USAGE,
            "There is no jar "
                + jar
                + " to read; build it first, and give its path with --migrations-jar");
      }
      checkJar(jar);
      try {
        urls.add(jar.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new IllegalStateException("Every file has a URL", e);
      }
    }
    return urls.toArray(URL[]::new);
  }

  /** A class loader looks past whatever is no jar. */
  private static void checkJar(Path jar) {
    if (Files.isDirectory(jar)) {
      return;
    }
    try (var opened = new ZipFile(jar.toFile())) {
      opened.size();
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          jar
              + " is no jar ("
              + e.getMessage()
              + "); give one with --migrations-jar, or a folder of migrations with --migrations",
          e);
    }
  }

  /** Sees all classes of its parent, but only its own jars' registered migrations. */
  private static final class JarLoader extends URLClassLoader {
    JarLoader(URL[] jars, ClassLoader parent) {
      super(jars, parent);
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals(SERVICES) ? findResources(name) : super.getResources(name);
    }
  }
}
