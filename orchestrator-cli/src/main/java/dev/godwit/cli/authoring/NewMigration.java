package dev.godwit.cli.authoring;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.migration.Migrations;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;

/**
 * A migration that is about to be written: its id, its class, and the Java of both files.
 *
 * @param id a date and the words that it was asked for by
 * @param table a table's name, or a pattern
 * @param className the words in one, each with a capital letter
 * @param attribute what the Java begins with: the attribute that it adds
 */
record NewMigration(String id, String table, String className, String attribute) {
  private static final Pattern WORDS = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

  /**
   * Naming rules of DynamoDB's developer guide, "Supported data types and naming rules"; read
   * 2026-11-26. A {@code *} stands for any characters.
   */
  private static final Pattern TABLE = Pattern.compile("[A-Za-z0-9_.*-]{1,255}");

  /** Classes that the Java refers to by these names. */
  private static final Set<String> TAKEN =
      Set.of("Change", "DynamoDbJson", "ItemTransform", "Migration", "Test", "TransformTester");

  /**
   * Checks all of it.
   *
   * @param name lower-case words, as in {@code add-full-name}
   * @throws CommandFailed when there cannot be such a migration
   */
  static NewMigration of(LocalDate today, String name, String table) {
    var id = today.format(DateTimeFormatter.BASIC_ISO_DATE) + "-" + name;
    if (!WORDS.matcher(name).matches() || !Migrations.isId(id)) {
      throw refused(
          "A migration is named by lower-case words with hyphens, 119 characters at most, as in"
              + " add-full-name; \""
              + name
              + "\" is not such a name");
    }
    var className = joined(name);
    if (!SourceVersion.isName(className)) {
      throw refused(
          "\""
              + name
              + "\" would be the class "
              + className
              + ", which Java does not allow; begin with a letter, as in add-full-name");
    }
    if (SourceVersion.isKeyword(name) || TAKEN.contains(className) || isOfJava(className)) {
      throw refused(
          "\""
              + name
              + "\" would be the class "
              + className
              + ", a name that Java or Godwit has taken; add a word that says what is changed");
    }
    if (className.endsWith("Test") || className.endsWith("Tests")) {
      throw refused(
          "\""
              + name
              + "\" would be the class "
              + className
              + ", which is how tests are called; end with another word");
    }
    if (!TABLE.matcher(table).matches()) {
      throw refused(
          "\""
              + table
              + "\" is neither a table's name nor a pattern of one, as in Users or Users-*; give it"
              + " with --table");
    }
    return new NewMigration(id, table, className, attribute(name));
  }

  private static boolean isOfJava(String className) {
    try {
      Class.forName("java.lang." + className, false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static String attribute(String name) {
    var added = joined(name.replaceFirst("^(add|set)-(?=[a-z])", ""));
    return added.substring(0, 1).toLowerCase(Locale.ROOT) + added.substring(1);
  }

  private static String joined(String words) {
    return Arrays.stream(words.split("-", -1))
        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
        .collect(Collectors.joining());
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was written");
  }

  /** The migration: it adds {@link #attribute}, with a value that is to be changed. */
  String java() {
    return filled(
        """
        import dev.godwit.migration.Change;
        import dev.godwit.migration.ItemTransform;
        import dev.godwit.migration.Migration;

        /** Adds ${attribute} to each item of ${table} that lacks it. */
        public final class ${className} implements Migration {
          @Override
          public String id() {
            return "${id}"; // and the name of this file's folder
          }

          @Override
          public String table() {
            return "${table}";
          }

          @Override
          public String description() {
            return "Adds ${attribute}";
          }

          /** An item may be offered again: what is done already must be kept, as here. */
          @Override
          public ItemTransform up() {
            return (item, context) ->
                item.has("${attribute}")
                    ? Change.keep()
                    // Change the next line: what is ${attribute} made of? item.string("first"), for one.
                    : Change.replace(item.with("${attribute}", "new"));
          }
        }
        """);
  }

  /** Its test, which passes. */
  String testJava() {
    return filled(
        """
        import dev.godwit.migration.DynamoDbJson;
        import dev.godwit.testkit.TransformTester;
        import org.junit.jupiter.api.Test;

        /** Run it with: godwit test ${id} */
        class ${className}Test {
          @Test
          void up_anItemWithoutIt_gets${Attribute}() {
            // Change these two: an item as the table has them, and what is to become of it.
            var item = DynamoDbJson.parse("{\\"id\\":{\\"S\\":\\"7\\"}}");
            var expected = item.with("${attribute}", "new");

            TransformTester.up(new ${className}())
                .apply(item)
                .assertBecomes(expected)
                .assertIdempotent(); // offered again, it is kept
          }
        }
        """);
  }

  /** The migration, for a project in which it has the package {@code name}. */
  String javaIn(String name) {
    return "package "
        + name
        + ";\n\n"
        + java().replace(" // and the name of this file's folder", "");
  }

  /** Its test, for such a project, whose tests {@code command} runs. */
  String testJavaIn(String name, String command) {
    return "package " + name + ";\n\n" + testJava().replace("godwit test " + id, command);
  }

  private String filled(String template) {
    return template
        .replace("${id}", id)
        .replace("${table}", table)
        .replace("${className}", className)
        .replace("${Attribute}", joined(attribute))
        .replace("${attribute}", attribute);
  }
}
