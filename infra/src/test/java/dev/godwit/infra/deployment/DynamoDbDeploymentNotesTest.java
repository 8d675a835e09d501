package dev.godwit.infra.deployment;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

class DynamoDbDeploymentNotesTest extends DeploymentNotesContract {
  private static LocalDynamoDb server;
  private static DynamoDbClient client;
  private static int tables;
  private String ledger;

  @BeforeAll
  static void start() {
    server = LocalDynamoDb.inMemory();
    client = server.client();
  }

  @AfterAll
  static void stop() {
    client.close();
    server.close();
  }

  @BeforeEach
  void makeLedger() {
    ledger = "ledger-" + ++tables;
    client.createTable(
        create ->
            create
                .tableName(ledger)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(text("pk"), text("sk"))
                .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)));
  }

  @Override
  DeploymentNotes notes() {
    return new DynamoDbDeploymentNotes(client, ledger, new AwsCalls(Clock.systemUTC()));
  }

  private static AttributeDefinition text(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }
}
