package dev.godwit.cli.ledger;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.DynamoDbWire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** The ledger's table, as {@code docs/ledger.md} describes it; the state machines write it. */
public final class Ledger {
  /** The table that runs on this machine use, in the DynamoDB that they migrate. */
  public static final String TABLE = "godwit-ledger";

  private static final ObjectMapper JSON = new ObjectMapper();

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

  /**
   * Takes the lease of {@code tableName} again for a run that is to be redriven, and marks the run
   * as running; both or neither.
   *
   * @throws CommandFailed when another run holds the lease, or this ledger does not know the run
   */
  public static void retake(
      DynamoDbWire wire, String runId, String tableName, String executionArn) {
    var execution = JSON.createObjectNode();
    execution.putObject(":execution").put("S", executionArn);
    var lease = JSON.createObjectNode().put("TableName", TABLE);
    lease.set("Item", leaseItem(runId, tableName, executionArn));
    lease.put("ConditionExpression", "attribute_not_exists(pk) OR executionArn = :execution");
    lease.set("ExpressionAttributeValues", execution);
    var run = JSON.createObjectNode().put("TableName", TABLE);
    run.set("Key", key("RUN#" + runId, "RUN"));
    run.put("UpdateExpression", "SET #status = :running");
    run.put("ConditionExpression", "executionArn = :execution");
    run.putObject("ExpressionAttributeNames").put("#status", "status");
    run.set("ExpressionAttributeValues", execution.deepCopy());
    run.withObject("/ExpressionAttributeValues/:running").put("S", "RUNNING");

    var request = JSON.createObjectNode();
    var items = request.putArray("TransactItems");
    items.addObject().set("Put", lease);
    items.addObject().set("Update", run);
    try {
      wire.call("TransactWriteItems", bytes(request));
    } catch (TransactionCanceledException e) {
      throw new CommandFailed(ExitCode.BAD_USAGE, whyNotRetaken(wire, runId, tableName, e), e);
    }
  }

  private static String whyNotRetaken(
      DynamoDbWire wire, String runId, String tableName, TransactionCanceledException e) {
    boolean leaseHeld = "ConditionalCheckFailed".equals(e.cancellationReasons().get(0).code());
    if (!leaseHeld) {
      return "The ledger here does not know the run "
          + runId
          + "; give the endpoint and region that it was started with. Nothing was changed";
    }
    var get = JSON.createObjectNode().put("TableName", TABLE);
    get.set("Key", key("TABLE#" + tableName, "LEASE"));
    try {
      var holder = JSON.readTree(wire.call("GetItem", bytes(get))).at("/Item/runId/S").asText();
      return "The table "
          + tableName
          + " is being migrated by the run "
          + holder
          + "; wait for its end, or stop it. Nothing was changed";
    } catch (IOException unreadable) {
      throw new UncheckedIOException("DynamoDB's answer is not JSON", unreadable);
    }
  }

  private static ObjectNode leaseItem(String runId, String tableName, String executionArn) {
    var item = key("TABLE#" + tableName, "LEASE");
    item.putObject("runId").put("S", runId);
    item.putObject("executionArn").put("S", executionArn);
    item.putObject("since").put("S", Instant.now().toString());
    return item;
  }

  private static ObjectNode key(String pk, String sk) {
    var key = JSON.createObjectNode();
    key.putObject("pk").put("S", pk);
    key.putObject("sk").put("S", sk);
    return key;
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
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
