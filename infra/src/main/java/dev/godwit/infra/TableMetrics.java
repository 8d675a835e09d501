package dev.godwit.infra;

import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;

/**
 * What CloudWatch knows of a table: DynamoDB developer guide, "DynamoDB metrics and dimensions";
 * read 2026-11-20.
 */
final class TableMetrics {
  private TableMetrics() {}

  static Metric sum(TableRef table, String name, Duration period) {
    return of(table, name, period, "Sum", Map.of());
  }

  /** Items that scans returned, whoever scanned. */
  static Metric scannedItems(TableRef table, Duration period) {
    return of(table, "ReturnedItemCount", period, "Sum", Map.of("Operation", "Scan"));
  }

  static Metric average(TableRef table, String name, Duration period) {
    return of(table, name, period, "Average", Map.of());
  }

  private static Metric of(
      TableRef table, String name, Duration period, String statistic, Map<String, String> more) {
    var dimensions = new java.util.TreeMap<String, String>(more);
    dimensions.put("TableName", table.name());
    return Metric.Builder.create()
        .namespace("AWS/DynamoDB")
        .metricName(name)
        .dimensionsMap(dimensions)
        .statistic(statistic)
        .period(period)
        .label(table.name() + " " + name)
        .build();
  }
}
