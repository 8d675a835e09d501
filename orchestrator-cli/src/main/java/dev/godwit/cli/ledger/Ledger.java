package dev.godwit.cli.ledger;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.run.ledger.LedgerKey;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** The ledger's table, as {@code docs/ledger.md} describes it; the state machines write it. */
public final class Ledger {
  /** The table that runs on this machine use, in the DynamoDB that they migrate. */
  public static final String TABLE = "godwit-ledger";

  private Ledger() {}

  /**
   * Makes the table if it is not there, and waits until it can be used.
   *
   * @throws CommandFailed when that is refused
   */
  public static void ensure(DynamoDbConnection connection) {
    try (var client = connection.client()) {
      if (!exists(client)) {
        create(client);
      }
      client.waiter().waitUntilTableExists(describe -> describe.tableName(TABLE));
    } catch (DynamoDbException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "The ledger, table "
              + TABLE
              + " at "
              + connection.place()
              + ", cannot be made: "
              + e.awsErrorDetails().errorMessage()
              + "; allow dynamodb:CreateTable and DescribeTable on it, or make it with the string keys pk and sk. Nothing was migrated",
          e);
    }
  }

  private static boolean exists(DynamoDbClient client) {
    try {
      client.describeTable(describe -> describe.tableName(TABLE));
      return true;
    } catch (ResourceNotFoundException e) {
      return false;
    }
  }

  private static void create(DynamoDbClient client) {
    try {
      client.createTable(
          create ->
              create
                  .tableName(TABLE)
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .keySchema(
                      key(LedgerKey.PARTITION, KeyType.HASH), key(LedgerKey.SORT, KeyType.RANGE))
                  .attributeDefinitions(string(LedgerKey.PARTITION), string(LedgerKey.SORT)));
    } catch (ResourceInUseException e) {
      // Another run makes it just now; it is waited for.
    }
  }

  private static KeySchemaElement key(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static AttributeDefinition string(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }
}
