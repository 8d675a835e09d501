package dev.godwit.infra;

import dev.godwit.run.KeyChange;
import dev.godwit.run.RunSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
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
    for (Step step : migrations) {
      if (step.keyChange().isPresent()) {
        checkKeyChange(tableName, step, step.keyChange().get(), waits, settings);
      }
    }
    if (itemsWrittenPercent < 0 || itemsWrittenPercent > 100) {
      throw new InvalidOptions(
          "itemsWrittenPercent must be from 0 to 100, not " + itemsWrittenPercent + ".");
    }
  }

  private static void checkKeyChange(
      String tableName, Step step, NewKey newKey, boolean waits, RunSettings settings) {
    if (!waits) {
      throw new InvalidOptions(
          "The key of "
              + tableName
              + " is changed by "
              + step.id()
              + ", so the deployment has to wait: when it ends, CloudFormation deletes the table that"
              + " the run still reads. Leave out \"wait\": false.");
    }
    if (step.undoable()) {
      throw new InvalidOptions(
          step.id()
              + " changes the key of "
              + tableName
              + " and is not undone by a way down: a rollback keeps the old table. Leave out"
              + " \"undoable\".");
    }
    if (newKey.change().targetTable().equals(tableName)) {
      throw new InvalidOptions(
          "The key of "
              + tableName
              + " is changed into a table of the same name; CloudFormation makes the new one before it"
              + " deletes the old, so give the new one another name.");
    }
    try {
      newKey
          .change()
          .request(settings, "synth", tableName, step.id(), "s3://bucket/manifest-summary.json");
    } catch (IllegalArgumentException e) {
      throw new InvalidOptions(step.id() + " of " + tableName + ": " + e.getMessage() + ".", e);
    }
  }

  /**
   * How the items of a table get into the one that replaces it.
   *
   * @param begins whether the deployment begins the export if there is none; else somebody has to
   *     have made it before
   */
  public record NewKey(KeyChange change, boolean begins) {
    /** From the table itself into {@code target}, nothing there overwritten. */
    public static NewKey into(String target) {
      return of(target, "if-absent", "table", true);
    }

    /**
     * As it is said in {@code godwit.json}.
     *
     * @param put what becomes of an item that is there already, as in {@code
     *     replace-older:updatedAt}
     * @param from {@code table} or {@code export}
     * @throws InvalidOptions when it cannot be
     */
    public static NewKey of(String target, String put, String from, boolean begins) {
      try {
        return new NewKey(KeyChange.of(target, put, from), begins);
      } catch (IllegalArgumentException e) {
        throw new InvalidOptions("keyChange: " + e.getMessage() + ".", e);
      }
    }
  }

  /**
   * One migration.
   *
   * @param undoable whether it has a {@code down}, to be run when the deployment is rolled back
   * @param keyChange how it takes the items into the table that replaces this one; empty for one
   *     that changes them where they are
   */
  public record Step(String id, boolean undoable, Optional<NewKey> keyChange) {
    /** One that changes items where they are. */
    public Step(String id, boolean undoable) {
      this(id, undoable, Optional.empty());
    }

    /** One that takes them into a new table. */
    public Step(String id, NewKey newKey) {
      this(id, false, Optional.of(newKey));
    }

    public Step {
      if (!ID.matcher(id).matches()) {
        throw new InvalidOptions(
            "\"" + id + "\" is not a migration's id, as in 20261120-city-coordinates.");
      }
    }
  }
}
