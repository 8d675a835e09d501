package dev.godwit.asl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The state machines of a run, as they are deployed: the very same files. */
public final class Definitions {
  /** Moves a table through a migration. */
  public static final String MIGRATE_TABLE = "migrate-table";

  /** Closes a run's books when it has ended, however it ended. */
  public static final String SETTLE_RUN = "settle-run";

  /** Finds runs that have ended and were not settled, and has them settled. */
  public static final String SWEEP_RUNS = "sweep-runs";

  /** Lets the run over a table wait while an alarm of that table is on. */
  public static final String HOLD_ON_ALARM = "hold-on-alarm";

  /** All of them. */
  public static final List<String> ALL =
      List.of(MIGRATE_TABLE, SETTLE_RUN, SWEEP_RUNS, HOLD_ON_ALARM);

  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{([A-Za-z0-9]+)}");

  private Definitions() {}

  /**
   * @param substitutions what stands for {@code ${Partition}} and the like, by name
   * @throws InvalidDefinition if one is missing, or the definition cannot be run
   */
  public static StateMachine migrateTable(Map<String, String> substitutions) {
    return load(MIGRATE_TABLE, substitutions);
  }

  /**
   * @param substitutions as for {@link #migrateTable}
   */
  public static StateMachine settleRun(Map<String, String> substitutions) {
    return load(SETTLE_RUN, substitutions);
  }

  /**
   * @param substitutions as for {@link #migrateTable}
   */
  public static StateMachine sweepRuns(Map<String, String> substitutions) {
    return load(SWEEP_RUNS, substitutions);
  }

  /**
   * @param substitutions as for {@link #migrateTable}
   */
  public static StateMachine holdOnAlarm(Map<String, String> substitutions) {
    return load(HOLD_ON_ALARM, substitutions);
  }

  private static StateMachine load(String name, Map<String, String> substitutions) {
    return StateMachine.parse(name, substitute(name, text(name), substitutions));
  }

  /** The file as it is, substitutions not yet made. */
  public static String text(String name) {
    try (InputStream in =
        Definitions.class.getResourceAsStream("definitions/" + name + ".asl.json")) {
      if (in == null) {
        throw new IllegalArgumentException("there is no definition '" + name + "'");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Fills in a definition's {@code ${Name}}s, as CDK and CloudFormation do; values are written into
   * JSON strings, and escaped for them.
   *
   * @throws InvalidDefinition naming the substitutions that are missing
   */
  public static String substitute(String name, String text, Map<String, String> substitutions) {
    TreeSet<String> missing = new TreeSet<>();
    StringBuilder filled = new StringBuilder();
    Matcher matcher = SUBSTITUTION.matcher(text);
    while (matcher.find()) {
      String value = substitutions.get(matcher.group(1));
      if (value == null) {
        missing.add(matcher.group(1));
      } else {
        String quoted = Json.MAPPER.getNodeFactory().textNode(value).toString();
        matcher.appendReplacement(
            filled, Matcher.quoteReplacement(quoted.substring(1, quoted.length() - 1)));
      }
    }
    matcher.appendTail(filled);
    if (!missing.isEmpty()) {
      List<String> problems = new ArrayList<>();
      missing.forEach(m -> problems.add("nothing is given for ${" + m + "}"));
      throw new InvalidDefinition(name, problems);
    }
    return filled.toString();
  }

  /** The names of a definition's substitutions, sorted. */
  public static List<String> substitutions(String text) {
    TreeSet<String> names = new TreeSet<>();
    Matcher matcher = SUBSTITUTION.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return List.copyOf(names);
  }
}
