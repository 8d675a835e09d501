package dev.godwit.compiler;

import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the one class of a migration's folder that is the migration, and tries to make it. */
final class MigrationClass {
  private final Path folder;
  private final String id;

  /**
   * @param folder the migration's, whose name is to be its id
   */
  MigrationClass(Path folder) {
    this.folder = folder;
    this.id = String.valueOf(folder.getFileName());
  }

  /**
   * Its name.
   *
   * @param names of the classes that were compiled from the folder's sources
   * @param classPath where these are, and what they need
   * @throws CannotCompile when there is none, or it cannot be made, or has another id
   */
  String among(Collection<String> names, List<Path> classPath) {
    var urls = classPath.stream().map(MigrationClass::url).toArray(URL[]::new);
    try (var loader = new URLClassLoader(urls, Migration.class.getClassLoader())) {
      var type = one(names, loader);
      check(made(type), type);
      return type.getName();
    } catch (IOException e) {
      throw new CannotCompile("What was compiled of " + folder + " cannot be read (" + e + ")", e);
    }
  }

  private Class<?> one(Collection<String> names, ClassLoader loader) {
    var found = new ArrayList<Class<?>>();
    var unfinished = new ArrayList<String>();
    for (String name : names) {
      var type = load(name, loader);
      if (Migration.class.isAssignableFrom(type) && !type.isAnonymousClass()) {
        if (Modifier.isAbstract(type.getModifiers())) {
          unfinished.add(name);
        } else {
          found.add(type);
        }
      }
    }
    if (found.size() > 1) {
      throw refused(
          "there are two, "
              + found.get(0).getName()
              + " and "
              + found.get(1).getName()
              + "; give each a folder of its own that is named by its id");
    }
    if (found.isEmpty()) {
      throw refused(
          unfinished.isEmpty()
              ? "no class there implements " + Migration.class.getName()
              : unfinished.get(0) + " is abstract; extend it there with a class that is not");
    }
    return found.get(0);
  }

  private Class<?> load(String name, ClassLoader loader) {
    try {
      return Class.forName(name, false, loader);
    } catch (ClassNotFoundException | LinkageError e) {
      throw notLoaded(name, e);
    }
  }

  private Migration made(Class<?> type) {
    try {
      Constructor<?> constructor = type.getConstructor();
      if (!Modifier.isPublic(type.getModifiers())) {
        throw new NoSuchMethodException();
      }
      return (Migration) constructor.newInstance();
    } catch (NoSuchMethodException | IllegalAccessException | InstantiationException e) {
      throw new CannotCompile(
          "The migration "
              + type.getName()
              + " in "
              + folder
              + " must be public, with a public constructor that takes nothing",
          e);
    } catch (InvocationTargetException e) {
      throw notLoaded(type.getName(), e.getCause());
    } catch (LinkageError e) {
      throw notLoaded(type.getName(), e);
    }
  }

  /** Its id, and its table and description on the way: what each command asks it for first. */
  private @Nullable String told(Migration migration, Class<?> type) {
    try {
      migration.table();
      migration.description();
      return migration.id();
    } catch (RuntimeException e) {
      throw new CannotCompile(
          "The migration "
              + type.getName()
              + " in "
              + folder
              + " cannot say its id, table and description ("
              + e
              + "); let these be texts that need nothing else",
          e);
    } catch (LinkageError e) {
      throw notLoaded(type.getName(), e);
    }
  }

  private void check(Migration migration, Class<?> type) {
    @Nullable String said = told(migration, type);
    if (id.equals(said)) {
      return;
    }
    if (said != null && Migrations.isId(said) && Files.isDirectory(folder.resolveSibling(said))) {
      throw new CannotCompile(
          "Two migrations have the id "
              + said
              + ": the one in "
              + folder.resolveSibling(said)
              + " and "
              + type.getName()
              + " in "
              + folder
              + "; let that one's id be its folder's name");
    }
    throw new CannotCompile(
        "The migration "
            + type.getName()
            + " in "
            + folder
            + " has the id "
            + said
            + "; a migration's folder is named by its id, so change one of them");
  }

  private CannotCompile refused(String why) {
    return new CannotCompile("There is no migration to be found in " + folder + ": " + why);
  }

  private CannotCompile notLoaded(String name, @Nullable Throwable why) {
    if (why instanceof NoClassDefFoundError missing) {
      return new CannotCompile(
          name
              + " in "
              + folder
              + " needs the class "
              + String.valueOf(missing.getMessage()).replace('/', '.')
              + ", which is in no jar in "
              + folder.resolveSibling(MigrationsFolder.LIBRARIES)
              + "; put the jar that has it there",
          why);
    }
    return new CannotCompile(
        "The migration " + name + " in " + folder + " cannot be made (" + why + ")", why);
  }

  private static URL url(Path jar) {
    try {
      return jar.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new IllegalStateException("Every file has a URL", e);
    }
  }
}
