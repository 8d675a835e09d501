package dev.godwit.cli.operate;

import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * Migrations that do what a migration should not. Their classes are on the tests' own path, their
 * registrations in jars.
 */
public final class UnrulyMigrations {
  private UnrulyMigrations() {}

  /** A jar that registers {@code migration} alone. */
  static Path jar(Path folder, Class<? extends Migration> migration) throws IOException {
    var jar = folder.resolve(migration.getSimpleName() + ".jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/services/" + Migration.class.getName()));
      out.write(migration.getName().getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private abstract static class Unruly implements Migration {
    @Override
    public String id() {
      return "20261201-unruly";
    }

    @Override
    public String table() {
      return "*";
    }

    @Override
    public String description() {
      return "Unruly";
    }

    @Override
    public ItemTransform up() {
      return (item, context) -> {
        if (item.string("id").equals("task-0")) {
          misbehave();
        }
        return changed(item);
      };
    }

    private static Change changed(Item item) {
      return item.has("seen") ? Change.keep() : Change.replace(item.with("seen", true));
    }

    abstract void misbehave();
  }

  /** Prints. */
  public static final class Prints extends Unruly {
    @Override
    @SuppressWarnings("SystemOut")
    void misbehave() {
      System.out.println("printed by the transform");
    }
  }

  /** Ends the process. */
  public static final class Exits extends Unruly {
    @Override
    void misbehave() {
      System.exit(0);
    }
  }

  /** Never returns. */
  public static final class Sticks extends Unruly {
    @Override
    @SuppressWarnings("SystemOut")
    void misbehave() {
      System.out.println("stuck");
      while (true) {
        try {
          new CountDownLatch(1).await();
        } catch (InterruptedException e) {
          // goes on waiting
        }
      }
    }
  }

  /** Ends the process as soon as it is made. */
  public static final class ExitsAtOnce extends Unruly {
    public ExitsAtOnce() {
      System.exit(0);
    }

    @Override
    void misbehave() {}
  }
}
