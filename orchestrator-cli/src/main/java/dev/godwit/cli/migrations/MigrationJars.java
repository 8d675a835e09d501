package dev.godwit.cli.migrations;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
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

/** Users' migrations, in jars of their own. */
public final class MigrationJars {
  private static final String SERVICES = "META-INF/services/" + Migration.class.getName();

  private MigrationJars() {}

  /**
   * The migrations in {@code jars}, and no others; without jars, the examples.
   *
   * @throws CommandFailed when a jar is not there
   * @throws dev.godwit.migration.InvalidMigrationException when a migration cannot be loaded
   */
  public static Migrations load(List<Path> jars) {
    var parent = MigrationJars.class.getClassLoader();
    return Migrations.discover(jars.isEmpty() ? parent : new JarLoader(urls(jars), parent));
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
      try {
        urls.add(jar.toUri().toURL());
      } catch (MalformedURLException e) {
        throw new IllegalStateException("Every file has a URL", e);
      }
    }
    return urls.toArray(URL[]::new);
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
