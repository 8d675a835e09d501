package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.assertions.Template;

class GodwitStackTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BOUNDARY = "arn:aws:iam::123456789012:policy/Boundary";

  private static @TempDir Path folder;
  private static JsonNode template;

  @BeforeAll
  static void synth() throws IOException {
    template = template(App.Builder.create().build());
  }

  private static JsonNode template(App app) throws IOException {
    for (String name : List.of("worker.jar", "deployment.jar", "ours.jar")) {
      Placeholder.jar(folder, name);
    }
    var file =
        Files.writeString(
            folder.resolve("godwit.json"),
            """
            {"tables": ["Cities"], "workerJar": "worker.jar", "deploymentJar": "deployment.jar",
             "migrations": ["ours.jar"], "permissionsBoundary": "%s", "tags": {"team": "data"},
             "vpc": {"id": "vpc-0123456789abcdef0", "subnets": ["subnet-0123456789abcdef1", "subnet-0123456789abcdef2"], "securityGroups": ["sg-0123456789abcdef0"]},
             "runDuringDeployment": [
               {"table": "Cities", "writeUnitsPerSecond": 500,
                "migrations": [{"id": "20261120-city-coordinates", "undoable": true}]}]}
            """
                .formatted(BOUNDARY));
    var stack = new GodwitStack(app, DeploymentOptions.read(file, Map.of()));
    return JSON.valueToTree(Template.fromStack(stack).toJSON());
  }

  @Test
  void stack_itsBoundary_isOnEveryRole() {
    assertThat(all("AWS::IAM::Role"))
        .hasSizeGreaterThan(5)
        .allMatch(role -> role.at("/Properties/PermissionsBoundary").asText().equals(BOUNDARY));
  }

  @Test
  void stack_itsTags_areOnWhatCosts() {
    for (String type :
        List.of("AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Lambda::Function")) {
      assertThat(all(type))
          .isNotEmpty()
          .allMatch(
              resource ->
                  resource
                      .at("/Properties/Tags")
                      .toString()
                      .contains("{\"Key\":\"team\",\"Value\":\"data\"}"));
    }
  }

  @Test
  void worker_itsVpc_isTheOneOfTheIds() {
    var worker =
        all("AWS::Lambda::Function").stream()
            .filter(f -> f.at("/Properties/Handler").asText().equals(SegmentWorkerFunction.HANDLER))
            .findFirst()
            .orElseThrow();

    assertThat(worker.at("/Properties/VpcConfig/SubnetIds"))
        .hasToString("[\"subnet-0123456789abcdef1\",\"subnet-0123456789abcdef2\"]");
    assertThat(worker.at("/Properties/VpcConfig/SecurityGroupIds"))
        .hasToString("[\"sg-0123456789abcdef0\"]");
    assertThat(all("AWS::IAM::Policy").toString()).contains("ec2:CreateNetworkInterface");
    assertThat(all("AWS::EC2::VPC")).isEmpty();
  }

  @Test
  void hooks_oneBeforeTheAliasAndOneAfterTheMachines_areInThatOrder() {
    var before = id("Custom::GodwitMigrations", "Before");
    var after = template.get("Resources").get(id("Custom::GodwitMigrations", "After"));
    var alias = all("AWS::Lambda::Alias").get(0);

    assertThat(Synthesized.texts(alias.get("DependsOn"))).contains(before);
    assertThat(Synthesized.texts(after.get("DependsOn")))
        .contains(
            id("AWS::Lambda::Alias", "Live"),
            id("AWS::StepFunctions::StateMachine", "MigrationsMigrateTable"),
            id("AWS::StepFunctions::StateMachine", "MigrationsSettleRun"),
            id("AWS::Events::Rule", "SettleTrigger"));
    assertThat(after.at("/Properties/ServiceTimeout").asInt()).isEqualTo(3600);
  }

  @Test
  void hooks_theirProperties_areTheMigrationsAndNothingThatChangesByItself() {
    var after =
        template.get("Resources").get(id("Custom::GodwitMigrations", "After")).get("Properties");
    var names = new ArrayList<String>();
    after.fieldNames().forEachRemaining(names::add);

    assertThat(names)
        .containsExactlyInAnyOrder(
            "ServiceToken",
            "ServiceTimeout",
            "TableName",
            "Migrations",
            "Wait",
            "ItemsWrittenPercent",
            "Run",
            "WorkerVersion",
            "Moment",
            "Jars");
    assertThat(after.get("Migrations").asText())
        .isEqualTo("[{\"id\":\"20261120-city-coordinates\",\"undoable\":true}]");
    assertThat(after.get("Run").asText())
        .isEqualTo(
            "{\"totalSegments\":100,\"maxConcurrency\":100,\"sliceSeconds\":240,"
                + "\"guard\":\"read-set\",\"itemFailuresAllowed\":0,"
                + "\"toleratedFailurePercentage\":0,\"writeUnitsPerSecond\":500,\"parameters\":{}}");
    assertThat(after.at("/WorkerVersion/Fn::GetAtt/1").asText()).isEqualTo("Version");
  }

  @Test
  void hooks_theirFunctions_mayStartAndFollowTheDeploymentsRunsOnly() {
    var policy =
        all("AWS::IAM::Policy").stream()
            .filter(p -> p.toString().contains("ReadTheLedgerAndKeepANote"))
            .findFirst()
            .orElseThrow();
    var grants = new ArrayList<String>();
    for (JsonNode statement : policy.at("/Properties/PolicyDocument/Statement")) {
      for (String action : Synthesized.texts(statement.get("Action"))) {
        grants.add(action);
        if (action.startsWith("states:Describe") || action.startsWith("states:Stop")) {
          assertThat(statement.get("Resource").toString()).contains("-MigrateTable:deploy-*");
        }
      }
    }
    assertThat(grants)
        .containsExactlyInAnyOrder(
            "logs:CreateLogStream",
            "logs:PutLogEvents",
            "states:StartExecution",
            "states:DescribeExecution",
            "states:StopExecution",
            "dynamodb:GetItem",
            "dynamodb:UpdateItem",
            "dynamodb:DescribeTable",
            "cloudformation:DescribeStacks",
            "lambda:GetAlias",
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords");
  }

  @Test
  void outputs_theirNames_areThoseThatTheDocsSay() {
    var names = new ArrayList<String>();
    template.get("Outputs").fieldNames().forEachRemaining(names::add);

    assertThat(names).contains("StateMachineArn", "LedgerTable", "ResultsBucket");
  }

  @Test
  void template_synthesizedAgain_isTheSame() throws IOException {
    assertThat(template(new App(AppProps.builder().build()))).isEqualTo(template);
  }

  @Test
  void template_allOfIt_namesNoPartition() {
    assertThat(template.get("Resources").toString().replace(BOUNDARY, ""))
        .doesNotContain("arn:aws:")
        .doesNotContain("amazonaws.com.cn");
  }

  private static List<JsonNode> all(String type) {
    var found = new ArrayList<JsonNode>();
    for (JsonNode resource : template.get("Resources")) {
      if (resource.get("Type").asText().equals(type)) {
        found.add(resource);
      }
    }
    return found;
  }

  private static String id(String type, String part) {
    return template.get("Resources").properties().stream()
        .filter(entry -> entry.getValue().get("Type").asText().equals(type))
        .map(Map.Entry::getKey)
        .filter(id -> id.contains(part))
        .findFirst()
        .orElseThrow();
  }
}
