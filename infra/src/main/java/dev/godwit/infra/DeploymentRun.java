package dev.godwit.infra;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Migrations of one table that are to be done by a deployment.
 *
 * @param tableName the table's name
 * @param migrations all that the table ever had, in order; those that are pending are run
 * @param waits whether the deployment waits for the runs and fails with them
 * @param itemsWrittenPercent how many items in a hundred are expected to change, for the estimate
 * @param settings what the runs are like
 */
public record DeploymentRun(
    String tableName,
    List<Step> migrations,
    boolean waits,
    int itemsWrittenPercent,
    Settings settings) {
  private static final Pattern ID = Pattern.compile("\\d{8}(-[a-z0-9]+)+");

  public DeploymentRun {
    migrations = List.copyOf(migrations);
    if (migrations.isEmpty()) {
      throw new InvalidOptions(
          "No migration is named for "
              + tableName
              + "; name at least one, or leave the table out.");
    }
    var ids = new HashSet<String>();
    for (Step step : migrations) {
      if (!ids.add(step.id())) {
        throw new InvalidOptions(
            "The migration " + step.id() + " of " + tableName + " is named twice; name it once.");
      }
    }
    if (itemsWrittenPercent < 0 || itemsWrittenPercent > 100) {
      throw new InvalidOptions(
          "itemsWrittenPercent must be from 0 to 100, not " + itemsWrittenPercent + ".");
    }
  }

  /**
   * One migration.
   *
   * @param undoable whether it has a {@code down}, to be run when the deployment is rolled back
   */
  public record Step(String id, boolean undoable) {
    public Step {
      if (!ID.matcher(id).matches()) {
        throw new InvalidOptions(
            "\"" + id + "\" is not a migration's id, as in 20261120-city-coordinates.");
      }
    }
  }

  /**
   * What the runs are like: fields of the run request, with its defaults.
   *
   * @param readUnitsPerSecond the read budget of a whole run, if it has one
   * @param writeUnitsPerSecond the write budget of a whole run, if it has one
   * @param parameters what transforms may read
   */
  public record Settings(
      int totalSegments,
      int maxConcurrency,
      int sliceSeconds,
      String guard,
      int itemFailuresAllowed,
      OptionalInt readUnitsPerSecond,
      OptionalInt writeUnitsPerSecond,
      Map<String, String> parameters) {
    public static final Settings DEFAULT =
        new Settings(
            100, 100, 240, "read-set", 0, OptionalInt.empty(), OptionalInt.empty(), Map.of());

    public Settings {
      parameters = Map.copyOf(parameters);
      range("totalSegments", totalSegments, 1, 1_000_000);
      range("maxConcurrency", maxConcurrency, 1, 10_000);
      range("sliceSeconds", sliceSeconds, 1, 840);
      range("itemFailuresAllowed", itemFailuresAllowed, 0, Integer.MAX_VALUE);
      readUnitsPerSecond.ifPresent(n -> range("readUnitsPerSecond", n, 1, Integer.MAX_VALUE));
      writeUnitsPerSecond.ifPresent(n -> range("writeUnitsPerSecond", n, 1, Integer.MAX_VALUE));
      if (!guard.equals("read-set") && !guard.equals("none") && !guard.matches("version:.+")) {
        throw new InvalidOptions(
            "guard must be read-set, none or version:ATTRIBUTE, not \"" + guard + "\".");
      }
    }

    private static void range(String name, int value, int least, int most) {
      if (value < least || value > most) {
        throw new InvalidOptions(
            name
                + " must be "
                + (most == Integer.MAX_VALUE
                    ? "at least " + least
                    : "from " + least + " to " + most)
                + ", not "
                + value
                + ".");
      }
    }
  }
}
