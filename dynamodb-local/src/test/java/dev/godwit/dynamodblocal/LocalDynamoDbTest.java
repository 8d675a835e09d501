package dev.godwit.dynamodblocal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class LocalDynamoDbTest {
  @Test
  void onDisk_closedAndServedAgain_keepsItsItems(@TempDir Path directory) {
    try (var first = LocalDynamoDb.onDisk(directory);
        var client = first.client()) {
      first.createTable("Birds", "id");
      client.putItem(put -> put.tableName("Birds").item(item("godwit")));
    }

    try (var second = LocalDynamoDb.onDisk(directory);
        var client = second.client()) {
      assertThat(client.scan(scan -> scan.tableName("Birds")).items())
          .containsExactly(item("godwit"));
    }
  }

  private static Map<String, AttributeValue> item(String id) {
    return Map.of("id", AttributeValue.fromS(id));
  }
}
