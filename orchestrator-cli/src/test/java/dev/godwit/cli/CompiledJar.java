package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Migration;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A jar with one migration, compiled by a test. */
final class CompiledJar {
  private CompiledJar() {}

  /**
   * Compiles {@code theirs.Theirs}, a migration, and {@code gone.Gone}, which does not get into the
   * jar.
   *
   * @param more of the migration's class: members, its {@code id()} among them if it is another
   * @param javaVersion what the class file says that it was built for
   */
  static Path of(Path folder, String more, int javaVersion) throws IOException {
    var sources = Files.createDirectories(folder.resolve("sources"));
    var gone =
        Files.writeString(sources.resolve("Gone.java"), "package gone; public class Gone {}");
    var theirs =
        Files.writeString(
            sources.resolve("Theirs.java"),
            """
            package theirs;
            import dev.godwit.migration.*;
            public class Theirs implements Migration {
              MORE
              ID
              public String table() { return "*"; }
              public String description() { return "Theirs"; }
              public ItemTransform up() { return (item, context) -> Change.keep(); }
            }
            """
                .replace("MORE", more)
                .replace(
                    "ID",
                    more.contains("String id()")
                        ? ""
                        : "public String id() { return \"20261121-theirs\"; }"));
    var classes = Files.createDirectories(folder.resolve("classes"));
    var arguments =
        new ArrayList<>(
            List.of(
                "--release",
                "17",
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                gone.toString(),
                theirs.toString()));
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
    var jar = folder.resolve("theirs.jar");
    try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/services/" + Migration.class.getName()));
      out.write("theirs.Theirs".getBytes(StandardCharsets.UTF_8));
      out.putNextEntry(new JarEntry("theirs/Theirs.class"));
      var bytes = Files.readAllBytes(classes.resolve("theirs/Theirs.class"));
      bytes[7] = (byte) (44 + javaVersion);
      out.write(bytes);
    }
    return jar;
  }
}
