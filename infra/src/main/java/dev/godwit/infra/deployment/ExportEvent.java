package dev.godwit.infra.deployment;

import dev.godwit.run.ledger.ExportRecord.Location;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * One call of CloudFormation's about one export.
 *
 * @param isDelete whether the custom resource goes
 * @param requestId the same for all calls about one change of it
 * @param at when it came
 */
record ExportEvent(
    boolean isDelete, String stackId, String requestId, Instant at, Request request) {

  /**
   * What the custom resource asks for.
   *
   * @param migration that changes the key
   * @param location where the export goes
   * @param begins whether it is begun if there is none; else there has to be one
   */
  record Request(
      String tableName, String tableArn, String migration, Location location, boolean begins) {}

  /**
   * As CDK's provider framework sends it.
   *
   * @param now when it came, unless the event says it
   * @throws IllegalArgumentException when it is none of this custom resource's
   */
  static ExportEvent of(Map<String, Object> event, Instant now) {
    if (!(event.get("ResourceProperties") instanceof Map<?, ?> properties)) {
      throw new IllegalArgumentException("The event has no ResourceProperties");
    }
    return new ExportEvent(
        text(event, "RequestType").toUpperCase(Locale.ROOT).equals("DELETE"),
        text(event, "StackId"),
        text(event, "RequestId"),
        event.containsKey(DeploymentEvent.BEGUN)
            ? Instant.parse(text(event, DeploymentEvent.BEGUN))
            : now,
        new Request(
            text(properties, ExportHandler.TABLE_NAME),
            text(properties, ExportHandler.TABLE_ARN),
            text(properties, ExportHandler.MIGRATION),
            new Location(
                text(properties, ExportHandler.BUCKET), text(properties, ExportHandler.PREFIX)),
            Boolean.parseBoolean(text(properties, ExportHandler.BEGINS))));
  }

  /** Who asks, in the ledger. */
  String by() {
    return "deployment " + requestId;
  }

  /** Its custom resource's properties, as {@link #of} reads them. */
  static Map<String, String> properties(
      String tableName,
      String tableArn,
      String migration,
      String bucket,
      String prefix,
      boolean begins) {
    var all = new TreeMap<String, String>();
    all.put(ExportHandler.TABLE_NAME, tableName);
    all.put(ExportHandler.TABLE_ARN, tableArn);
    all.put(ExportHandler.MIGRATION, migration);
    all.put(ExportHandler.BUCKET, bucket);
    all.put(ExportHandler.PREFIX, prefix);
    all.put(ExportHandler.BEGINS, Boolean.toString(begins));
    return all;
  }

  private static String text(Map<?, ?> properties, String name) {
    Object value = properties.get(name);
    if (value == null) {
      throw new IllegalArgumentException("The event has no " + name);
    }
    return value.toString();
  }
}
