package dev.godwit.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.run.RunSettings;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.Table;
import software.amazon.awscdk.services.sqs.Queue;

/** What a template says of the order in which a table's key is changed. */
class KeyChangeDuringDeploymentTest {
  private static final String ID = "20261126-by-geohash";
  private static final String OLD =
      "{\"Fn::Join\":[\"\",[\"arn:\",{\"Ref\":\"AWS::Partition\"},\":dynamodb:\",{\"Ref\":\"AWS::Region\"},\":\",{\"Ref\":\"AWS::AccountId\"},\":table/Cities";

  private static @TempDir Path folder;
  private static Synthesized synthesized;

  @BeforeAll
  static void synth() {
    synthesized =
        synthesized(
            (stack, migrations) -> {
              var table = newTable(stack);
              migrations.beforeReplacing("Cities", table);
              var reader = Queue.Builder.create(stack, "Reader").build();
              migrations.whenMigrated("Cities", reader);
            });
  }

  private static Synthesized synthesized(BiConsumer<Stack, TableMigrations> then) {
    return Synthesized.of(
        folder,
        builder ->
            builder
                .target(TableRef.of("Cities-2"))
                .deploymentJar(Placeholder.jar(folder, "deployment.jar"))
                .runDuringDeployment(
                    new DeploymentRun(
                        "Cities",
                        List.of(
                            new DeploymentRun.Step("20261101-first", true),
                            new DeploymentRun.Step(ID, DeploymentRun.NewKey.into("Cities-2"))),
                        true,
                        100,
                        RunSettings.DEFAULT)),
        then);
  }

  private static Table newTable(Stack stack) {
    return Table.Builder.create(stack, "Table")
        .tableName("Cities-2")
        .partitionKey(Attribute.builder().name("geohash").type(AttributeType.STRING).build())
        .build();
  }

  /** All that a resource waits for, by itself or by others. */
  private static Set<String> waitsFor(String id) {
    var all = new HashSet<String>();
    var left = new ArrayDeque<>(List.of(id));
    while (!left.isEmpty()) {
      var resource = synthesized.template.get("Resources").get(left.remove());
      for (String next : mentioned(resource)) {
        if (synthesized.template.get("Resources").has(next) && all.add(next)) {
          left.add(next);
        }
      }
    }
    return all;
  }

  private static Set<String> mentioned(JsonNode node) {
    var found = new HashSet<String>();
    if (node.isObject()) {
      node.properties()
          .forEach(
              member -> {
                if (member.getKey().equals("Ref") || member.getKey().equals("DependsOn")) {
                  found.addAll(Synthesized.texts(member.getValue()));
                } else if (member.getKey().equals("Fn::GetAtt")) {
                  found.add(member.getValue().path(0).asText());
                }
                found.addAll(mentioned(member.getValue()));
              });
    } else if (node.isArray()) {
      node.forEach(one -> found.addAll(mentioned(one)));
    }
    return found;
  }

  private static String only(String type, String beginning) {
    var found =
        synthesized.all(type).keySet().stream().filter(id -> id.startsWith(beginning)).toList();
    assertThat(found).hasSize(1);
    return found.get(0);
  }

  @Test
  void order_ofAKeyChange_isExportNewTableRunReader() {
    var export = only("Custom::GodwitExport", "MigrationsExports");
    var table = only("AWS::DynamoDB::Table", "Table");
    var after = only("Custom::GodwitMigrations", "MigrationsDuringDeploymentAfter");
    var reader = only("AWS::SQS::Queue", "Reader");

    assertThat(waitsFor(table)).contains(export);
    assertThat(waitsFor(after)).contains(table, export);
    assertThat(waitsFor(reader)).contains(after);
    assertThat(waitsFor(export))
        .as("what the export needs is there before the new table, which the worker's role names")
        .doesNotContain(table, after)
        .noneMatch(id -> id.startsWith("MigrationsWorker") || id.startsWith("MigrationsMigrate"));
  }

  @Test
  void export_asTheHandlerReadsIt_changesOnlyWithItsMigration() {
    var export = synthesized.properties("Custom::GodwitExport", "MigrationsExports");

    assertThat(export.get("TableName").asText()).isEqualTo("Cities");
    assertThat(export.get("TableArn").toString()).startsWith(OLD);
    assertThat(export.get("Migration").asText()).isEqualTo(ID);
    assertThat(export.get("Prefix").asText()).isEqualTo("exports");
    assertThat(export.get("Begins").asText()).isEqualTo("true");
    assertThat(export.get("ServiceTimeout").asInt()).isEqualTo(3600);
    assertThat(export.properties().stream().map(java.util.Map.Entry::getKey))
        .as("no version and no digest: a new worker is no reason to export")
        .containsExactlyInAnyOrder(
            "ServiceToken",
            "ServiceTimeout",
            "TableName",
            "TableArn",
            "Migration",
            "Bucket",
            "Prefix",
            "Begins");
  }

  @Test
  void exportsRole_mayExportThatTableAndNoMore() {
    var role = "MigrationsExportsRole";
    assertThat(synthesized.statements(role).stream().map(one -> one.path("Sid").asText()))
        .containsExactlyInAnyOrder(
            "WriteItsLog",
            "ReadTheLedgerAndNoteExports",
            "ExportTables",
            "FollowExports",
            "WriteExports",
            "SeeTheStacksStatus",
            "");
    var exports = synthesized.statement(role, "ExportTables");
    assertThat(exports.get("Action").asText()).isEqualTo("dynamodb:ExportTableToPointInTime");
    assertThat(exports.get("Resource").toString()).isEqualTo(OLD + "\"]]}");
    var follow = synthesized.statement(role, "FollowExports");
    assertThat(follow.get("Action").asText()).isEqualTo("dynamodb:DescribeExport");
    assertThat(follow.get("Resource").toString()).isEqualTo(OLD + "/export/*\"]]}");
    var write = synthesized.statement(role, "WriteExports");
    assertThat(Synthesized.texts(write.get("Action")))
        .containsExactly("s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl");
    assertThat(write.get("Resource").toString())
        .contains("MigrationsResultsBucket")
        .contains("/exports/*");
    assertThat(
            Synthesized.texts(
                synthesized.statement(role, "ReadTheLedgerAndNoteExports").get("Action")))
        .containsExactly("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query");
  }

  @Test
  void worker_mayReadWhatWasExported() {
    assertThat(synthesized.statement("MigrationsWorkerRole", "ReadExports").toString())
        .contains("s3:GetObject")
        .contains("/exports/*");
  }

  @Test
  void beforeReplacing_aTableWithoutAKeyChange_isRefused() {
    assertThatThrownBy(
            () ->
                synthesized(
                    (stack, migrations) -> migrations.beforeReplacing("Users", newTable(stack))))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining("No migration of Users changes its key");
    assertThatThrownBy(
            () ->
                synthesized(
                    (stack, migrations) -> migrations.whenMigrated("Users", newTable(stack))))
        .isInstanceOf(InvalidOptions.class)
        .hasMessageContaining("No migrations of Users run during the deployment");
  }
}
