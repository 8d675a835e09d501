package dev.godwit.compiler;

import java.nio.file.Path;
import java.util.List;

/**
 * The tests of a migration, compiled.
 *
 * @param name the migration's id, or {@link MigrationsFolder#SHARED}
 * @param jar the tests' classes
 * @param classPath that jar, what it tests, and the libraries
 */
public record CompiledTests(String name, Path jar, List<Path> classPath) {
  public CompiledTests {
    classPath = List.copyOf(classPath);
  }
}
