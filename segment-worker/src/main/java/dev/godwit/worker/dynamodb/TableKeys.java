package dev.godwit.worker.dynamodb;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Deadline;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;

/** The key attributes of tables that actions write to; each table is asked once. Thread-safe. */
final class TableKeys {
  private final DynamoDbClient client;
  private final RetriedCalls calls;
  private final Map<String, List<String>> known = new ConcurrentHashMap<>();

  TableKeys(DynamoDbClient client, RetriedCalls calls) {
    this.client = client;
    this.calls = calls;
  }

  /** The key attributes of {@code table}, partition key first; asked for until {@code deadline}. */
  List<String> of(String table, Deadline deadline) {
    var keys = known.get(table);
    if (keys == null) {
      keys = describe(table, deadline);
      known.put(table, keys);
    }
    return keys;
  }

  private List<String> describe(String table, Deadline deadline) {
    try {
      var description =
          calls.call(() -> client.describeTable(request -> request.tableName(table)), deadline);
      return description.table().keySchema().stream()
          .sorted(
              (one, other) ->
                  Boolean.compare(one.keyType() != KeyType.HASH, other.keyType() != KeyType.HASH))
          .map(KeySchemaElement::attributeName)
          .toList();
    } catch (DynamoDbException e) {
      if (e.statusCode() < 500 && !e.isThrottlingException()) {
        throw new TableRefused(
            "The table "
                + table
                + ", which an action writes to, cannot be looked at: "
                + e.getMessage(),
            e);
      }
      throw unavailable(table, e);
    } catch (SdkException e) {
      throw unavailable(table, e);
    }
  }

  private static TableUnavailable unavailable(String table, SdkException e) {
    return new TableUnavailable(
        "DynamoDB did not describe the table " + table + ": " + e.getMessage(), e);
  }
}
