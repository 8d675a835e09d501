package dev.godwit.infra.deployment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.run.Direction;
import dev.godwit.run.KeyChange;
import dev.godwit.run.Mode;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.RunSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a custom resource asks for. CloudFormation hands on every property as text, so lists and
 * objects travel as JSON in text.
 *
 * @param tableName the table whose migrations these are
 * @param migrations all that the table ever had, in order
 * @param waits whether the deployment waits for the runs
 * @param itemsWrittenPercent how many items in a hundred are expected to change
 * @param run how runs are carried out
 * @param workerVersion the version of the worker that holds these migrations
 * @param jars a digest of the jars that hold them
 * @param moment which of the two hooks this is
 */
public record DeploymentRequest(
    String tableName,
    List<Step> migrations,
    boolean waits,
    int itemsWrittenPercent,
    RunSettings run,
    String workerVersion,
    String jars,
    Moment moment) {
  /** The names of a custom resource's properties. */
  public static final String TABLE_NAME = "TableName";

  public static final String MIGRATIONS = "Migrations";
  public static final String WAIT = "Wait";
  public static final String ITEMS_WRITTEN_PERCENT = "ItemsWrittenPercent";
  public static final String RUN = "Run";
  public static final String WORKER_VERSION = "WorkerVersion";
  public static final String JARS = "Jars";
  public static final String MOMENT = "Moment";

  private static final ObjectMapper JSON = new ObjectMapper();

  public DeploymentRequest {
    migrations = List.copyOf(migrations);
  }

  /**
   * When CloudFormation calls a hook: before it moves the worker's alias, or after.
   *
   * <p>Migrations run forward after the alias is moved. A rollback moves it back, and
   * CloudFormation promises no order for that: whichever hook it calls while the new worker is
   * still there undoes the migrations.
   */
  public enum Moment {
    BEFORE,
    AFTER
  }

  /**
   * One migration.
   *
   * @param undoable whether it has a {@code down}
   * @param keyChange how it takes the items into the table that replaces this one; empty for one
   *     that changes them where they are
   */
  public record Step(String id, boolean undoable, Optional<KeyChange> keyChange) {
    /** One that changes items where they are. */
    public Step(String id, boolean undoable) {
      this(id, undoable, Optional.empty());
    }

    private static Step read(JsonNode json) {
      return new Step(
          json.required("id").asText(),
          json.required("undoable").asBoolean(),
          Optional.ofNullable(json.get("keyChange")).map(KeyChange::read));
    }

    private ObjectNode write() {
      var json = JSON.createObjectNode().put("id", id).put("undoable", undoable);
      keyChange.ifPresent(change -> json.set("keyChange", change.write()));
      return json;
    }
  }

  /**
   * @throws IllegalArgumentException when the properties are not those of this custom resource
   */
  public static DeploymentRequest of(Map<?, ?> properties) {
    try {
      var steps = new ArrayList<Step>();
      for (JsonNode step : JSON.readTree(text(properties, MIGRATIONS))) {
        steps.add(Step.read(step));
      }
      return new DeploymentRequest(
          text(properties, TABLE_NAME),
          steps,
          Boolean.parseBoolean(text(properties, WAIT)),
          Integer.parseInt(text(properties, ITEMS_WRITTEN_PERCENT)),
          RunRequestJson.readSettings(text(properties, RUN)),
          text(properties, WORKER_VERSION),
          text(properties, JARS),
          Moment.valueOf(text(properties, MOMENT)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("The custom resource's properties are not readable", e);
    }
  }

  /** As {@link #of} reads it. */
  public Map<String, String> properties() {
    var steps = JSON.createArrayNode();
    migrations.forEach(step -> steps.add(step.write()));
    return new TreeMap<>(
        Map.of(
            TABLE_NAME, tableName,
            MIGRATIONS, steps.toString(),
            WAIT, Boolean.toString(waits),
            ITEMS_WRITTEN_PERCENT, Integer.toString(itemsWrittenPercent),
            RUN, RunRequestJson.write(run).toString(),
            WORKER_VERSION, workerVersion,
            JARS, jars,
            MOMENT, moment.name()));
  }

  /** How a migration takes the items into another table, if it does. */
  Optional<KeyChange> keyChange(String migration) {
    return migrations.stream()
        .filter(step -> step.id().equals(migration))
        .findFirst()
        .flatMap(Step::keyChange);
  }

  /** Whether this asks for the same as another, of whichever hook. */
  boolean isSameReleaseAs(DeploymentRequest other) {
    return at(other.moment).equals(other);
  }

  private DeploymentRequest at(Moment other) {
    return new DeploymentRequest(
        tableName, migrations, waits, itemsWrittenPercent, run, workerVersion, jars, other);
  }

  /** The state machine's input for one run. */
  String runRequest(String runId, String migration, Direction direction) {
    var request = run.request(runId, tableName, migration, direction, Mode.APPLY);
    return RunRequestJson.write(request).toString();
  }

  /**
   * The state machine's input for a run that takes the items into another table.
   *
   * @param manifest where the summary of the table's export is
   */
  String keyChangeRequest(String runId, String migration, KeyChange change, String manifest) {
    return RunRequestJson.write(change.request(run, runId, tableName, migration, manifest))
        .toString();
  }

  private static String text(Map<?, ?> properties, String name) {
    Object value = properties.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The custom resource has no property " + name);
    }
    return value.toString();
  }
}
