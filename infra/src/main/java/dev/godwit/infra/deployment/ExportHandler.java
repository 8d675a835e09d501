package dev.godwit.infra.deployment;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The functions behind the custom resource that a table's replacement waits for: {@link #onEvent}
 * and {@link #isComplete} for CDK's provider framework. They know no worker and no state machine,
 * so that nothing of these has to be there before the table.
 */
public final class ExportHandler {
  /** The names of the custom resource's properties. */
  public static final String TABLE_NAME = "TableName";

  public static final String TABLE_ARN = "TableArn";
  public static final String MIGRATION = "Migration";
  public static final String BUCKET = "Bucket";
  public static final String PREFIX = "Prefix";
  public static final String BEGINS = "Begins";

  private final AwsCalls calls;
  private final Clock clock;
  private final ExportBeforeReplacing exports;

  /** As Lambda makes it. */
  public ExportHandler() {
    this(System.getenv(), UrlConnectionHttpClient.create(), Clock.systemUTC());
  }

  ExportHandler(Map<String, String> environment, SdkHttpClient http, Clock clock) {
    this.calls = new AwsCalls(clock);
    this.clock = clock;
    var dynamoDb =
        DynamoDbClient.builder()
            .httpClient(http)
            .overrideConfiguration(AwsCalls.configuration())
            .build();
    var cloudFormation =
        CloudFormationClient.builder()
            .httpClient(http)
            .overrideConfiguration(AwsCalls.configuration())
            .build();
    String ledger = DeploymentHandler.required(environment, DeploymentHandler.LEDGER_TABLE);
    this.exports =
        new ExportBeforeReplacing(
            new ExportBeforeReplacing.Ports(
                new DynamoDbTableExports(dynamoDb, calls),
                new DynamoDbExportNotes(dynamoDb, ledger, calls),
                new DynamoDbRunLedger(dynamoDb, ledger, calls),
                stackId -> AwsDeployedStack.status(cloudFormation, stackId, calls),
                clock,
                System.out::println));
  }

  /** What the custom resource of one export is to have, as the handler reads it. */
  public static Map<String, String> properties(
      String tableName,
      String tableArn,
      String migration,
      String bucket,
      String prefix,
      boolean begins) {
    return ExportEvent.properties(tableName, tableArn, migration, bucket, prefix, begins);
  }

  /** Names the resource; what is added to the answer comes with the event to the other. */
  public Map<String, Object> onEvent(Map<String, Object> event) {
    var asked = ExportEvent.of(event, clock.instant());
    var answer = new LinkedHashMap<String, Object>();
    answer.put("PhysicalResourceId", "godwit/EXPORT/" + asked.request().tableName());
    answer.put(DeploymentEvent.BEGUN, asked.at().toString());
    return answer;
  }

  /** Goes on until the export is there. */
  public Map<String, Object> isComplete(Map<String, Object> event) {
    calls.invocationBegins();
    return Map.of("IsComplete", exports.isComplete(ExportEvent.of(event, clock.instant())));
  }
}
