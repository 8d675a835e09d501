package dev.godwit.infra.deployment;

import java.util.OptionalDouble;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** The stack, its worker and its tables, as the account has them. */
final class AwsDeployedStack implements DeployedStack {
  private final CloudFormationClient cloudFormation;
  private final LambdaClient lambda;
  private final DynamoDbClient dynamoDb;
  private final String workerFunction;
  private final String workerAlias;
  private final AwsCalls calls;

  AwsDeployedStack(
      CloudFormationClient cloudFormation,
      LambdaClient lambda,
      DynamoDbClient dynamoDb,
      String workerFunction,
      String workerAlias,
      AwsCalls calls) {
    this.cloudFormation = cloudFormation;
    this.lambda = lambda;
    this.dynamoDb = dynamoDb;
    this.workerFunction = workerFunction;
    this.workerAlias = workerAlias;
    this.calls = calls;
  }

  @Override
  public String status(String stackId) {
    return status(cloudFormation, stackId, calls);
  }

  static String status(CloudFormationClient cloudFormation, String stackId, AwsCalls calls) {
    return calls
        .ask(() -> cloudFormation.describeStacks(describe -> describe.stackName(stackId)))
        .stacks()
        .get(0)
        .stackStatusAsString();
  }

  @Override
  public String liveWorkerVersion() {
    return calls
        .ask(() -> lambda.getAlias(get -> get.functionName(workerFunction).name(workerAlias)))
        .functionVersion();
  }

  @Override
  public TableSize tableSize(String tableName) {
    var table =
        calls.ask(() -> dynamoDb.describeTable(describe -> describe.tableName(tableName))).table();
    return new TableSize(
        table.itemCount(), table.tableSizeBytes(), units(table, true), units(table, false));
  }

  /** A table that never was on demand has no BillingModeSummary. */
  private static OptionalDouble units(TableDescription table, boolean reads) {
    boolean onDemand =
        table.billingModeSummary() != null
            && table.billingModeSummary().billingMode() == BillingMode.PAY_PER_REQUEST;
    if (onDemand) {
      var warm = table.warmThroughput();
      Long units =
          warm == null ? null : reads ? warm.readUnitsPerSecond() : warm.writeUnitsPerSecond();
      return units == null ? OptionalDouble.empty() : OptionalDouble.of(units);
    }
    var provisioned = table.provisionedThroughput();
    return OptionalDouble.of(
        reads ? provisioned.readCapacityUnits() : provisioned.writeCapacityUnits());
  }
}
