package dev.godwit.cli.ledger;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.run.ledger.LedgerTags;
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
public final class LedgerTable {
  /**
   * The ledger of runs on machines, in the DynamoDB that they migrate, unless a deployment owns
   * their table.
   */
  public static final String OF_MACHINES = LedgerTags.NAME;

  private LedgerTable() {}

  /**
   * Makes the ledger of runs on machines if it is not there, and waits until it can be used.
   * Another one is its deployment's to make.
   *
   * @throws CommandFailed when that is refused, or there is no such ledger
   */
  public static void ensure(DynamoDbConnection connection, String table) {
    try (var client = connection.client()) {
      if (!exists(client, table)) {
        if (!table.equals(OF_MACHINES)) {
          throw new CommandFailed(
              ExitCode.BAD_USAGE,
              "There is no ledger "
                  + table
                  + " at "
                  + connection.place()
                  + "; give the one that the deployment printed as LedgerTable, or leave out --ledger. Nothing was migrated");
        }
        create(client);
      }
      client.waiter().waitUntilTableExists(describe -> describe.tableName(table));
    } catch (DynamoDbException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "The ledger, table "
              + table
              + " at "
              + connection.place()
              + ", cannot be made: "
              + e.awsErrorDetails().errorMessage()
              + "; allow dynamodb:CreateTable and DescribeTable on it, or make it with the string keys pk and sk. Nothing was migrated",
          e);
    }
  }

  private static boolean exists(DynamoDbClient client, String table) {
    try {
      client.describeTable(describe -> describe.tableName(table));
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
                  .tableName(OF_MACHINES)
                  .billingMode(BillingMode.PAY_PER_REQUEST)
                  .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE))
                  .attributeDefinitions(string("pk"), string("sk")));
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
