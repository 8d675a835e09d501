package dev.godwit.infra.deployment;

import com.amazonaws.services.lambda.runtime.events.CloudFormationCustomResourceEvent;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sfn.SfnClient;

/**
 * The functions behind the custom resource: {@link #onEvent} and {@link #isComplete} for CDK's
 * provider framework, {@link #proceed} for EventBridge.
 */
public final class DeploymentHandler {
  /** The function's environment: what is deployed. */
  public static final String STATE_MACHINE_ARN = "STATE_MACHINE_ARN";

  public static final String LEDGER_TABLE = "LEDGER_TABLE";
  public static final String WORKER_FUNCTION = "WORKER_FUNCTION";
  public static final String WORKER_ALIAS = "WORKER_ALIAS";

  /** Names of tables, with commas between them. */
  public static final String TABLES = "TABLES";

  private final DeploymentMigrations migrations;
  private final List<String> tables;

  /** As Lambda makes it. */
  public DeploymentHandler() {
    this(System.getenv(), UrlConnectionHttpClient.create());
  }

  DeploymentHandler(Map<String, String> environment, SdkHttpClient http) {
    var dynamoDb = DynamoDbClient.builder().httpClient(http).build();
    this.migrations =
        new DeploymentMigrations(
            new StepFunctionsRuns(
                SfnClient.builder().httpClient(http).build(),
                required(environment, STATE_MACHINE_ARN)),
            new DynamoDbBooks(dynamoDb, required(environment, LEDGER_TABLE)),
            new AwsSurroundings(
                CloudFormationClient.builder().httpClient(http).build(),
                LambdaClient.builder().httpClient(http).build(),
                dynamoDb,
                required(environment, WORKER_FUNCTION),
                required(environment, WORKER_ALIAS)),
            Clock.systemUTC(),
            System.out::println);
    this.tables = List.of(required(environment, TABLES).split(",", -1));
  }

  /** Begins; the answer names the resource, always alike for one table and moment. */
  public Map<String, Object> onEvent(CloudFormationCustomResourceEvent event) {
    var asked = event(event);
    migrations.begin(asked);
    return Map.of(
        "PhysicalResourceId",
        "godwit/" + asked.request().moment() + "/" + asked.request().tableName());
  }

  /** Goes on until all is done. */
  public Map<String, Object> isComplete(CloudFormationCustomResourceEvent event) {
    return Map.of("IsComplete", migrations.isComplete(event(event)));
  }

  /** A run has been settled: the next may start, of a deployment that did not wait. */
  public void proceed(Map<String, Object> event) {
    tables.forEach(migrations::proceed);
  }

  private static DeploymentMigrations.Event event(CloudFormationCustomResourceEvent event) {
    return new DeploymentMigrations.Event(
        DeploymentMigrations.Kind.valueOf(event.getRequestType().toUpperCase(Locale.ROOT)),
        event.getStackId(),
        event.getRequestId(),
        DeploymentRequest.of(event.getResourceProperties()));
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException("The function's environment has no " + name);
    }
    return value;
  }
}
