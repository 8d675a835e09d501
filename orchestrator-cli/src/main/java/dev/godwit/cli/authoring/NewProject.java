package dev.godwit.cli.authoring;

import dev.godwit.cli.console.Versions;
import dev.godwit.migration.Migration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A project that is about to be written around a migration: what builds it, and all its files.
 *
 * @param name of the project and its jar: the migration's words
 */
record NewProject(String name, NewMigration migration, BuildTool tool) {
  private static final String PACKAGE = "migrations";

  /** Path within the project, with slashes, to content. */
  SortedMap<String, String> files() {
    var files = new TreeMap<String, String>();
    for (String file : tool.files()) {
      files.put(file, filled(file));
    }
    files.put("README.md", filled("README.md"));
    files.put(
        ".gitignore",
        tool.output() + "/\n.godwit/\n" + (tool == BuildTool.GRADLE ? ".gradle/\n" : ""));
    var java = PACKAGE + "/" + migration.className();
    files.put("src/main/java/" + java + ".java", migration.javaIn(PACKAGE));
    files.put("src/test/java/" + java + "Test.java", migration.testJavaIn(PACKAGE, tool.test()));
    files.put(
        "src/main/resources/META-INF/services/" + Migration.class.getName(),
        PACKAGE + "." + migration.className() + "\n");
    return files;
  }

  /** Where the jar will be, within the project. */
  String jar() {
    return tool.jars() + "/" + name + ".jar";
  }

  private String filled(String file) {
    var versions = Versions.ofThisBuild();
    return resource("project/" + file)
        .replace("${name}", name)
        .replace("${godwit}", versions.godwit())
        .replace("${junit}", versions.junit())
        .replace("${table}", migration.table())
        .replace("${tryTable}", NextCommands.table(migration))
        .replace("${id}", migration.id())
        .replace("${build}", tool.build())
        .replace("${jar}", jar())
        .replace("${buildFile}", tool.files().get(0));
  }

  private static String resource(String name) {
    try (var in = NewProject.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("There is no " + name + " in Godwit");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }
}
