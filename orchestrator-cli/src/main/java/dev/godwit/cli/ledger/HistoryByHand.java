package dev.godwit.cli.ledger;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.run.ledger.ByHandItem;
import dev.godwit.run.ledger.HistoryItem;
import dev.godwit.run.ledger.LeaseItem;
import dev.godwit.run.ledger.LedgerKey;
import dev.godwit.run.ledger.MigrationState;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * What people do to the history of a table by hand: mark a migration as applied that was done by
 * other means, or accept other code for an applied one.
 *
 * <p>Each is one transaction for one migration: the history's item, and an entry of its own that
 * says who, when, and what the item was before. It goes through only while no run holds the table,
 * and if the item is as it was read. So a process that dies has done it or not, and may do it
 * again.
 */
public final class HistoryByHand {
  private final DynamoDbClient client;
  private final String ledger;
  private final String tableName;

  HistoryByHand(DynamoDbClient client, String ledger, String tableName) {
    this.client = client;
    this.ledger = ledger;
    this.tableName = tableName;
  }

  /**
   * Who does something, and when.
   *
   * @param by an AWS identity's ARN, or a user and a machine
   */
  public record Signature(String by, Instant at) {}

  /**
   * Marks {@code migration} as applied.
   *
   * @param code the digest of its code
   * @return false when it is applied already; nothing was changed
   * @throws CommandFailed when a run holds the table, somebody was faster, or the ledger does not
   *     answer
   */
  public boolean markApplied(String migration, String code, Signature signature) {
    var before = item(migration);
    if (!state(before).isPending()) {
      return false;
    }
    var item = new HashMap<>(key(LedgerKey.migration(tableName, migration)));
    item.put(HistoryItem.MIGRATION, text(migration));
    item.put(HistoryItem.DIRECTION, text("up"));
    item.put(HistoryItem.STATE, text(HistoryItem.APPLIED));
    item.put(HistoryItem.AT, text(signature.at().toString()));
    item.put(HistoryItem.FAILED, AttributeValue.fromN("0"));
    item.put(HistoryItem.TOLERATED, AttributeValue.fromN("0"));
    item.put(HistoryItem.CODE, text(code));
    var asRead = AsRead.of(before);
    var put =
        Put.builder()
            .tableName(ledger)
            .item(item)
            .conditionExpression(asRead.condition())
            .expressionAttributeNames(asRead.names());
    if (!asRead.values().isEmpty()) { // DynamoDB takes no empty ones
      put.expressionAttributeValues(asRead.values());
    }
    write(
        migration,
        TransactWriteItem.builder().put(put.build()).build(),
        entry(migration, ByHandItem.BASELINE, code, before, signature));
    return true;
  }

  /**
   * Accepts {@code code} for an applied migration, whatever it was applied with.
   *
   * @param applied the digest that the history is thought to have
   * @return false when the history has another, or does not have it as applied; nothing was changed
   * @throws CommandFailed as above
   */
  public boolean acceptCode(String migration, String applied, String code, Signature signature) {
    var before = item(migration);
    if (state(before) != MigrationState.APPLIED
        || !RunItems.string(before, HistoryItem.CODE).equals(applied)) {
      return false;
    }
    var asRead = AsRead.of(before);
    var values = new HashMap<>(asRead.values());
    values.put(":accepted", text(code));
    write(
        migration,
        TransactWriteItem.builder()
            .update(
                update ->
                    update
                        .tableName(ledger)
                        .key(key(LedgerKey.migration(tableName, migration)))
                        .updateExpression("SET #code = :accepted")
                        .conditionExpression(asRead.condition())
                        .expressionAttributeNames(asRead.names())
                        .expressionAttributeValues(values))
            .build(),
        entry(migration, ByHandItem.REPAIR, code, before, signature));
    return true;
  }

  /** That a history's item is as it was read, as a condition. */
  private record AsRead(
      String condition, Map<String, String> names, Map<String, AttributeValue> values) {
    /** A run that ends, and a hand, write these anew. */
    private static final List<String> TELLING =
        List.of(HistoryItem.STATE, HistoryItem.AT, HistoryItem.RUN_ID, HistoryItem.CODE);

    static AsRead of(Map<String, AttributeValue> item) {
      var condition = new StringBuilder();
      var names = new HashMap<String, String>();
      var values = new HashMap<String, AttributeValue>();
      for (String name : TELLING) {
        condition.append(condition.length() == 0 ? "" : " AND ");
        names.put("#" + name, name);
        var value = item.get(name);
        if (value == null) {
          condition.append("attribute_not_exists(#").append(name).append(')');
        } else {
          condition.append('#').append(name).append(" = :").append(name);
          values.put(":" + name, value);
        }
      }
      return new AsRead(condition.toString(), names, values);
    }
  }

  private TransactWriteItem entry(
      String migration,
      String action,
      String code,
      Map<String, AttributeValue> before,
      Signature signature) {
    var at = signature.at().toString();
    var item = new HashMap<>(key(LedgerKey.byHand(tableName, migration, at)));
    item.put(ByHandItem.MIGRATION, text(migration));
    item.put(ByHandItem.ACTION, text(action));
    item.put(ByHandItem.BY, text(signature.by()));
    item.put(ByHandItem.AT, text(at));
    item.put(ByHandItem.CODE, text(code));
    if (!before.isEmpty()) {
      var kept = new HashMap<>(before);
      kept.remove(LedgerKey.PARTITION);
      kept.remove(LedgerKey.SORT);
      item.put(ByHandItem.BEFORE, AttributeValue.fromM(kept));
    }
    return TransactWriteItem.builder()
        .put(
            put ->
                put.tableName(ledger)
                    .item(item)
                    .conditionExpression("attribute_not_exists(" + LedgerKey.PARTITION + ")"))
        .build();
  }

  private void write(String migration, TransactWriteItem history, TransactWriteItem entry) {
    var free =
        TransactWriteItem.builder()
            .conditionCheck(
                check ->
                    check
                        .tableName(ledger)
                        .key(key(LedgerKey.lease(tableName)))
                        .conditionExpression(
                            "attribute_not_exists(" + LeaseItem.EXECUTION_ARN + ")"))
            .build();
    try {
      client.transactWriteItems(transaction -> transaction.transactItems(free, history, entry));
    } catch (TransactionCanceledException e) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "A run has taken the table "
              + tableName
              + ", or somebody else has changed the history of "
              + migration
              + " just now; nothing of it was changed. Look again: 'godwit info --table "
              + tableName
              + "'",
          e);
    } catch (SdkException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "Whether the history of "
              + migration
              + " was changed is not known, for the ledger, table "
              + ledger
              + ", did not answer or refused ("
              + e.getMessage()
              + "); 'godwit history --table "
              + tableName
              + "' shows it, and the command may be repeated",
          e);
    }
  }

  private static MigrationState state(Map<String, AttributeValue> item) {
    return item.isEmpty()
        ? MigrationState.NONE
        : MigrationState.of(RunItems.string(item, HistoryItem.STATE));
  }

  private Map<String, AttributeValue> item(String migration) {
    try {
      return client
          .getItem(
              get ->
                  get.tableName(ledger)
                      .key(key(LedgerKey.migration(tableName, migration)))
                      .consistentRead(true))
          .item();
    } catch (ResourceNotFoundException e) {
      return Map.of();
    }
  }

  private static Map<String, AttributeValue> key(LedgerKey key) {
    return Map.of(LedgerKey.PARTITION, text(key.partition()), LedgerKey.SORT, text(key.sort()));
  }

  private static AttributeValue text(String value) {
    return AttributeValue.fromS(value);
  }

  static ByHandEntry entry(Map<String, AttributeValue> item, Optional<HistoryEntry> before) {
    return new ByHandEntry(
        RunItems.string(item, ByHandItem.MIGRATION),
        RunItems.string(item, ByHandItem.ACTION),
        RunItems.string(item, ByHandItem.BY),
        RunItems.string(item, ByHandItem.AT),
        RunItems.string(item, ByHandItem.CODE),
        before);
  }
}
