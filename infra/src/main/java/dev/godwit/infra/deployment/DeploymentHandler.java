package dev.godwit.infra.deployment;

import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.sfn.SfnClient;

/**
 * The functions behind the custom resource: {@link #onEvent} and {@link #isComplete} for CDK's
 * provider framework, {@link #proceed} for EventBridge.
 *
 * <p>To the framework every error is the end of the deployment: so all that needs AWS is done by
 * {@link #isComplete}, which can answer that it is not complete yet.
 */
public final class DeploymentHandler {
  /** The function's environment: what is deployed. */
  public static final String STATE_MACHINE_ARN = "STATE_MACHINE_ARN";

  public static final String LEDGER_TABLE = "LEDGER_TABLE";
  public static final String WORKER_FUNCTION = "WORKER_FUNCTION";
  public static final String WORKER_ALIAS = "WORKER_ALIAS";

  /** Names of tables, with commas between them. */
  public static final String TABLES = "TABLES";

  /** What a function's timeout has to be. */
  public static final Duration LONGEST_INVOCATION = AwsCalls.LONGEST_INVOCATION;

  private final Runnable pause;
  private final AwsCalls calls;
  private final DeploymentPorts ports;
  private final DeploymentMigrations migrations;
  private final List<String> tables;

  /** As Lambda makes it. */
  public DeploymentHandler() {
    this(
        System.getenv(),
        UrlConnectionHttpClient.create(),
        Clock.systemUTC(),
        DeploymentHandler::twoSeconds);
  }

  DeploymentHandler(
      Map<String, String> environment, SdkHttpClient http, Clock clock, Runnable pause) {
    this.pause = pause;
    this.calls = new AwsCalls(clock);
    var dynamoDb =
        DynamoDbClient.builder()
            .httpClient(http)
            .overrideConfiguration(AwsCalls.configuration())
            .build();
    String stateMachine = required(environment, STATE_MACHINE_ARN);
    String ledger = required(environment, LEDGER_TABLE);
    this.ports =
        new DeploymentPorts(
            new StepFunctionsRuns(
                SfnClient.builder()
                    .httpClient(http)
                    .overrideConfiguration(AwsCalls.configuration())
                    .build(),
                stateMachine,
                calls),
            new DynamoDbRunLedger(dynamoDb, ledger, calls),
            new DynamoDbDeploymentNotes(dynamoDb, ledger, calls),
            new DynamoDbExportNotes(dynamoDb, ledger, calls),
            new AwsDeployedStack(
                CloudFormationClient.builder()
                    .httpClient(http)
                    .overrideConfiguration(AwsCalls.configuration())
                    .build(),
                LambdaClient.builder()
                    .httpClient(http)
                    .overrideConfiguration(AwsCalls.configuration())
                    .build(),
                dynamoDb,
                required(environment, WORKER_FUNCTION),
                required(environment, WORKER_ALIAS),
                calls),
            clock,
            System.out::println);
    this.migrations = new DeploymentMigrations(ports);
    this.tables = List.of(required(environment, TABLES).split(",", -1));
  }

  /**
   * Names the resource, always alike for one table and moment, and looks whether this is a
   * rollback. What is added to the answer comes with the event to {@link #isComplete}.
   */
  public Map<String, Object> onEvent(Map<String, Object> event) {
    calls.invocationBegins();
    var asked = DeploymentEvent.of(event, ports.clock().instant());
    var answer = new LinkedHashMap<String, Object>();
    answer.put(
        "PhysicalResourceId", "godwit/" + asked.request().moment() + "/" + asked.tableName());
    answer.put(DeploymentEvent.BEGUN, asked.beginning().at().toString());
    stackStatus(asked.stackId())
        .ifPresent(status -> answer.put(DeploymentEvent.STACK_STATUS, status));
    return answer;
  }

  /** Asks as long as there is time: a rollback whose beginning was not seen cannot be undone. */
  private Optional<String> stackStatus(String stackId) {
    while (!calls.isTimeUp()) {
      try {
        return Optional.of(ports.stack().status(stackId));
      } catch (NotYet | AwsRefused e) {
        ports.log().accept("The stack's status is not known: " + e.getMessage());
        pause.run();
      }
    }
    return Optional.empty();
  }

  /** Goes on until all is done. */
  public Map<String, Object> isComplete(Map<String, Object> event) {
    calls.invocationBegins();
    var asked = DeploymentEvent.of(event, ports.clock().instant());
    return Map.of("IsComplete", migrations.isComplete(asked));
  }

  /**
   * A run has been settled, or some minutes have passed: the next may start, of a deployment that
   * did not wait. What goes wrong with one table keeps no other from going on.
   *
   * @throws IllegalStateException when something did, so that Lambda tries again
   */
  public void proceed(Map<String, Object> event) {
    calls.invocationBegins();
    var failed = migrations.proceed(tables);
    if (!failed.isEmpty()) {
      throw new IllegalStateException(
          "Not gone on with: " + String.join(", ", failed) + "; the log says why");
    }
  }

  private static void twoSeconds() {
    try {
      Thread.sleep(2_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException("The function's environment has no " + name);
    }
    return value;
  }
}
