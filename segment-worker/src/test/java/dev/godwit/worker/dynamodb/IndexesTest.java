package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Source;
import dev.godwit.migration.Value;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.source.NoSourceFiles;
import dev.godwit.worker.source.QueryKeys;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What DescribeTable says of indexes on AWS, and DynamoDB Local does not: there an index is there
 * at once. API reference, GlobalSecondaryIndexDescription; read 2026-11-26.
 */
class IndexesTest {
  /** A table with one global index. */
  private record Described(String keySchema, String index) {
    Access access() {
      var service =
          new FakeDynamoDb() {
            @Override
            protected String answer(String operation, JsonNode request) {
              return """
                  {"Table": {
                    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
                    "AttributeDefinitions": [
                      {"AttributeName": "id", "AttributeType": "S"},
                      {"AttributeName": "state", "AttributeType": "S"},
                      {"AttributeName": "day", "AttributeType": "N"},
                      {"AttributeName": "hour", "AttributeType": "N"}],
                    "GlobalSecondaryIndexes": [{"IndexName": "byState", "KeySchema": [%s],
                      "Projection": {"ProjectionType": "INCLUDE"}%s}]}}"""
                  .formatted(keySchema, index);
            }
          };
      try (var database = new DynamoDbDatabase(service.client(), false)) {
        return database.readAccess("Orders", Optional.of("byState"), Deadline.NEVER).access();
      }
    }
  }

  private static final String BY_STATE =
      "{\"AttributeName\": \"day\", \"KeyType\": \"RANGE\"},"
          + " {\"AttributeName\": \"state\", \"KeyType\": \"HASH\"}";

  /** AWS's guide on multi-attribute keys in global indexes; read 2026-11-26. */
  private static final String OF_SEVERAL =
      "{\"AttributeName\": \"state\", \"KeyType\": \"HASH\"},"
          + " {\"AttributeName\": \"day\", \"KeyType\": \"HASH\"},"
          + " {\"AttributeName\": \"hour\", \"KeyType\": \"RANGE\"}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        ", \"IndexStatus\": \"CREATING\", \"Backfilling\": false|still being built",
        ", \"IndexStatus\": \"CREATING\", \"Backfilling\": true|wait until it is ACTIVE",
        ", \"IndexStatus\": \"DELETING\"|is being deleted",
      })
  void readAccess_anIndexThatIsNotWhole_isRefused(String status, String said) {
    assertThatThrownBy(() -> new Described(BY_STATE, status).access())
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("The index byState of the table Orders is")
        .hasMessageContaining(said);
  }

  @Test
  void readAccess_anIndexWhoseCapacityIsChanged_isReadByItsKeysWhateverTheirOrder() {
    var access = new Described(BY_STATE, ", \"IndexStatus\": \"UPDATING\"").access();

    assertThat(access.keys())
        .containsExactly(
            new Access.Key("state", AttributeType.S, true),
            new Access.Key("day", AttributeType.N, false));
    assertThat(access.place()).containsExactly("state", "day", "id");
    assertThat(access.isWhole()).isFalse();
    assertThat(access.mayBeConsistent()).isFalse();
  }

  @Test
  void query_anIndexWithAPartitionKeyOfSeveralAttributes_isRefused() {
    var access = new Described(OF_SEVERAL, "").access();

    assertThat(access.place()).containsExactly("state", "day", "hour", "id");
    assertThatThrownBy(
            () ->
                QueryKeys.of(
                    Source.query(Value.string("new")).ofIndex("byState"),
                    access,
                    NoSourceFiles.NONE))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("has a partition key of several attributes");
  }
}
