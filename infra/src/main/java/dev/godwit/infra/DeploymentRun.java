package dev.godwit.infra;

import dev.godwit.run.RunSettings;
import java.util.HashSet;
import java.util.List;
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
    RunSettings settings) {
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
}
