package dev.godwit.worker.lambda;

import dev.godwit.migration.Migration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/** Jars with migrations and their registration, as a user builds them. */
public final class LayerJar {
  private LayerJar() {}

  /** Writes {@code jar}, and answers it. */
  @SafeVarargs
  public static Path of(Path jar, Class<? extends Migration>... migrations) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      var names = new StringBuilder();
      for (Class<? extends Migration> migration : migrations) {
        var file = migration.getName().replace('.', '/') + ".class";
        out.putNextEntry(new JarEntry(file));
        try (var in = migration.getClassLoader().getResourceAsStream(file)) {
          in.transferTo(out);
        }
        names.append(migration.getName()).append('\n');
      }
      out.putNextEntry(new JarEntry("META-INF/services/" + Migration.class.getName()));
      out.write(names.toString().getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }
}
