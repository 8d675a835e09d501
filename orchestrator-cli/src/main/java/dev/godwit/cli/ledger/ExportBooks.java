package dev.godwit.cli.ledger;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.LedgerKey;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * The exports of one table that a ledger knows. A ledger that is not there knows none.
 *
 * <p>Every method throws {@link CommandFailed} when the ledger does not answer.
 */
public final class ExportBooks {
  private final DynamoDbClient client;
  private final String ledger;
  private final String tableName;

  ExportBooks(DynamoDbClient client, String ledger, String tableName) {
    this.client = client;
    this.ledger = ledger;
    this.tableName = tableName;
  }

  /** The one that stands for all that were made for {@code purpose}; empty if there is none. */
  public Optional<ExportRecord> latest(String purpose) {
    return query(LedgerKey.exports(tableName, purpose).sort(), false).stream().findFirst();
  }

  /** All of the table, oldest first. */
  public List<ExportRecord> all() {
    return query(LedgerKey.EXPORT_PREFIX, true).stream()
        .sorted(Comparator.comparing(ExportRecord::askedAt))
        .toList();
  }

  /**
   * Writes {@code next} in the place of what was read.
   *
   * @param seen as it was read under the same key; empty for nothing
   * @return false when somebody was faster; nothing was changed
   */
  public boolean write(Optional<ExportRecord> seen, ExportRecord next) {
    var item = new HashMap<String, AttributeValue>();
    item.put(LedgerKey.PARTITION, AttributeValue.fromS(next.key().partition()));
    item.put(LedgerKey.SORT, AttributeValue.fromS(next.key().sort()));
    next.attributes()
        .forEach(
            (name, value) ->
                item.put(
                    name,
                    value instanceof Long number
                        ? AttributeValue.fromN(Long.toString(number))
                        : AttributeValue.fromS(value.toString())));
    var before = seen.filter(there -> there.key().equals(next.key()));
    try {
      client.putItem(
          put -> {
            put.tableName(ledger).item(item);
            before.ifPresentOrElse(
                there ->
                    put.conditionExpression("#token = :token AND #status = :status")
                        .expressionAttributeNames(
                            Map.of("#token", ExportRecord.TOKEN, "#status", ExportRecord.STATUS))
                        .expressionAttributeValues(
                            Map.of(
                                ":token", AttributeValue.fromS(there.token()),
                                ":status", AttributeValue.fromS(there.status().name()))),
                () -> put.conditionExpression("attribute_not_exists(" + LedgerKey.PARTITION + ")"));
          });
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    } catch (SdkException e) {
      throw unanswered(e);
    }
  }

  private List<ExportRecord> query(String sortPrefix, boolean forward) {
    try {
      return client
          .queryPaginator(
              query ->
                  query
                      .tableName(ledger)
                      .consistentRead(true)
                      .scanIndexForward(forward)
                      .keyConditionExpression("pk = :table AND begins_with(sk, :prefix)")
                      .expressionAttributeValues(
                          Map.of(
                              ":table",
                              AttributeValue.fromS(LedgerKey.lease(tableName).partition()),
                              ":prefix",
                              AttributeValue.fromS(sortPrefix))))
          .items()
          .stream()
          .map(this::record)
          .toList();
    } catch (ResourceNotFoundException e) {
      return List.of();
    } catch (SdkException e) {
      throw unanswered(e);
    }
  }

  private ExportRecord record(Map<String, AttributeValue> item) {
    var texts = new HashMap<String, String>();
    item.forEach(
        (name, value) -> {
          if (value.s() != null) {
            texts.put(name, value.s());
          } else if (value.n() != null) {
            texts.put(name, value.n());
          }
        });
    try {
      return ExportRecord.of(texts);
    } catch (RuntimeException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "The ledger, table "
              + ledger
              + ", has an export of "
              + tableName
              + " that cannot be read ("
              + e.getMessage()
              + "): somebody else has written to it, or a newer Godwit",
          e);
    }
  }

  private CommandFailed unanswered(SdkException e) {
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "The ledger, table "
            + ledger
            + ", cannot be read or written ("
            + e.getMessage()
            + "); check the endpoint, the region and the credentials, and that they allow dynamodb:Query and PutItem on it",
        e);
  }
}
