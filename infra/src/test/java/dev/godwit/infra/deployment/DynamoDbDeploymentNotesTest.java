package dev.godwit.infra.deployment;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.time.Clock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

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
    LedgerTable.create(client, ledger);
  }

  @Override
  DeploymentNotes notes() {
    return new DynamoDbDeploymentNotes(client, ledger, new AwsCalls(Clock.systemUTC()));
  }
}
