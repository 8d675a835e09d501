package dev.godwit.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.migration.Source;
import dev.godwit.migration.Target;
import java.util.Optional;

/**
 * What makes a migration one that takes a table's items into the table that replaces it, with
 * another key.
 *
 * @param target the new table, and what becomes of an item that is there already
 * @param fromExport whether the items come from the table's export; else from the table, which
 *     stands as long as the deployment goes on
 */
public record KeyChange(Target target, boolean fromExport) {
  private static final String FROM = "from";
  private static final String TABLE = "table";
  private static final String EXPORT = "export";

  /**
   * As its user says it.
   *
   * @param put as in {@code if-absent}, {@code replace-older:updatedAt} or {@code always}
   * @param from {@code table} or {@code export}
   * @throws IllegalArgumentException when it cannot be; the message says what can
   */
  public static KeyChange of(String targetTable, String put, String from) {
    if (!from.equals(TABLE) && !from.equals(EXPORT)) {
      throw new IllegalArgumentException("from must be table or export, not \"" + from + "\"");
    }
    return new KeyChange(new Target(targetTable, Target.Put.of(put)), from.equals(EXPORT));
  }

  /** The new table's name. */
  public String targetTable() {
    return target.tableName();
  }

  /** As {@link #read} reads it. */
  public ObjectNode write() {
    return TargetJson.write(target).put(FROM, fromExport ? EXPORT : TABLE);
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static KeyChange read(JsonNode json) {
    if (!(json.deepCopy() instanceof ObjectNode target)) {
      throw new IllegalArgumentException("A key change is an object, not " + json);
    }
    var from = target.path(FROM).asText();
    target.remove(FROM);
    return new KeyChange(TargetJson.read(target), from.equals(EXPORT));
  }

  /**
   * The request of the run that takes the items over.
   *
   * @param manifest where the summary of the table's export is
   * @throws IllegalArgumentException when the settings do not go with a target; the message says
   *     which
   */
  public RunRequest request(
      RunSettings settings, String runId, String tableName, String migration, String manifest) {
    return settings.request(
        runId,
        tableName,
        migration,
        Direction.UP,
        Mode.APPLY,
        Optional.of(fromExport ? Source.export(manifest) : Source.scan()),
        Optional.of(target));
  }
}
