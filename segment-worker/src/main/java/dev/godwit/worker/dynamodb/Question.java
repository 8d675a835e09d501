package dev.godwit.worker.dynamodb;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.SortCondition;
import dev.godwit.migration.Value;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.page.Partition;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a table or an index with every page: a Scan's segment, or a Query's partition.
 */
final class Question {
  /** No name or value of a user's filter is likely to be called so. */
  private static final String OURS = "godwit";

  /**
   * What the largest page costs: 1 MB at half a unit for 4 KB. API reference, Scan, and developer
   * guide, "DynamoDB provisioned capacity mode"; read 2026-11-20.
   */
  private static final double MOST_UNITS = 128;

  private final WireDynamoDb.Operation operation;
  private final String table;
  private final String whole;
  private final boolean consistent;

  /** As JSON, without what differs from page to page; it begins with a comma. */
  private final byte[] fields;

  private Question(
      WireDynamoDb.Operation operation,
      String table,
      String whole,
      boolean consistent,
      JsonBytes fields) {
    this.operation = operation;
    this.table = table;
    this.whole = whole;
    this.consistent = consistent;
    this.fields = fields.toByteArray();
  }

  /**
   * A segment of a whole table.
   *
   * @param consistent whether what was written just before is read for sure
   */
  static Question scan(
      String table,
      int segment,
      int totalSegments,
      Optional<ScanFilter> filter,
      boolean consistent) {
    return scan(
        "the table " + table, table, Optional.empty(), segment, totalSegments, filter, consistent);
  }

  /** A segment of what {@code access} leads to. */
  static Question scan(Access access, int segment, int totalSegments, Optional<ScanFilter> filter) {
    return scan(
        access.toString(), access.table(), access.index(), segment, totalSegments, filter, false);
  }

  private static Question scan(
      String whole,
      String table,
      Optional<String> index,
      int segment,
      int totalSegments,
      Optional<ScanFilter> filter,
      boolean consistent) {
    var fields = of(table, index, consistent);
    fields.raw(",\"Segment\":" + segment + ",\"TotalSegments\":" + totalSegments);
    filter.ifPresent(
        wanted -> {
          fields.raw(",\"FilterExpression\":").text(wanted.expression());
          write(wanted.names(), wanted.values(), fields);
        });
    return new Question(WireDynamoDb.Operation.SCAN, table, whole, consistent, fields);
  }

  /** The items of one partition of what {@code access} leads to. */
  static Question query(Access access, Partition partition, Optional<ScanFilter> filter) {
    var fields = of(access.table(), access.index(), partition.isConsistent());
    var names = new LinkedHashMap<String, String>();
    var values = new LinkedHashMap<String, Value>();
    names.put("#" + OURS + "Partition", access.partitionKey().get(0).name());
    values.put(":" + OURS + "Partition", partition.key());
    var condition = "#godwitPartition = :godwitPartition";
    if (partition.where().isPresent()) {
      var where = partition.where().get();
      names.put("#" + OURS + "Sort", access.sortKey().orElseThrow().name());
      for (int i = 0; i < where.values().size(); i++) {
        values.put(":" + OURS + "Sort" + i, where.values().get(i));
      }
      condition += " AND " + words(where.operator());
    }
    fields.raw(",\"KeyConditionExpression\":").text(condition);
    filter.ifPresent(
        wanted -> {
          fields.raw(",\"FilterExpression\":").text(wanted.expression());
          names.putAll(wanted.names());
          values.putAll(wanted.values());
        });
    write(names, values, fields);
    return new Question(
        WireDynamoDb.Operation.QUERY,
        access.table(),
        access.toString(),
        partition.isConsistent(),
        fields);
  }

  private static String words(SortCondition.Operator operator) {
    return switch (operator) {
      case BEGINS_WITH -> "begins_with(#godwitSort, :godwitSort0)";
      case BETWEEN -> "#godwitSort BETWEEN :godwitSort0 AND :godwitSort1";
      default -> "#godwitSort " + operator + " :godwitSort0";
    };
  }

  private static JsonBytes of(String table, Optional<String> index, boolean consistent) {
    var fields = new JsonBytes().raw(",\"TableName\":").text(table);
    index.ifPresent(name -> fields.raw(",\"IndexName\":").text(name));
    if (consistent) {
      fields.raw(",\"ConsistentRead\":true");
    }
    return fields;
  }

  private static void write(
      Map<String, String> names, Map<String, Value> values, JsonBytes fields) {
    if (!names.isEmpty()) {
      fields.raw(",\"ExpressionAttributeNames\":{");
      var separator = "";
      for (var name : names.entrySet()) {
        fields.raw(separator).text(name.getKey()).raw(":").text(name.getValue());
        separator = ",";
      }
      fields.raw("}");
    }
    if (!values.isEmpty()) {
      fields.raw(",\"ExpressionAttributeValues\":");
      DynamoDbJson.write(Item.of(values), fields);
    }
  }

  WireDynamoDb.Operation operation() {
    return operation;
  }

  String table() {
    return table;
  }

  /** Units that its largest page may cost; read consistently, twice as many. */
  double mostUnits() {
    return consistent ? 2 * MOST_UNITS : MOST_UNITS;
  }

  void write(JsonBytes body) {
    body.writeBytes(fields);
  }

  /** That DynamoDB does not answer it. */
  TableRefused refused(WireDynamoDb.Refusal e) {
    boolean isScan = operation == WireDynamoDb.Operation.SCAN;
    return new TableRefused(
        Character.toUpperCase(whole.charAt(0))
            + whole.substring(1)
            + " refused to be "
            + (isScan ? "scanned" : "queried")
            + " ("
            + e.code()
            + "): "
            + e.reason(),
        e);
  }
}
