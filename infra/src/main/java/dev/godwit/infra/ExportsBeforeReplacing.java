package dev.godwit.infra;

import dev.godwit.infra.deployment.DeploymentHandler;
import dev.godwit.infra.deployment.ExportHandler;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.CustomResource;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.customresources.Provider;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * Exports of tables that are about to be replaced: a custom resource for each, which the new table
 * is to depend on.
 *
 * <p>It depends on the ledger and the bucket alone. The worker, whose permissions name the new
 * table, comes after that table, and so may nothing that this needs.
 */
public final class ExportsBeforeReplacing extends Construct {
  private static final Duration LONGEST = Duration.hours(1);

  private final Role role;
  private final Map<String, List<CustomResource>> exports = new TreeMap<>();

  ExportsBeforeReplacing(
      Construct scope,
      String id,
      Path jar,
      List<DeploymentRun> runs,
      List<TableRef> tables,
      Ledger ledger,
      ResultsBucket results,
      RetentionDays keepLogs) {
    super(scope, id);
    var logs = DeploymentFunctions.logs(this, keepLogs);
    var exported = runs.stream().filter(ExportsBeforeReplacing::changesAKey).toList();
    var named = exported.stream().map(DeploymentRun::tableName).toList();
    role =
        role(
            logs,
            tables.stream().filter(table -> named.contains(table.name())).toList(),
            ledger,
            results);
    var provider =
        new DeploymentFunctions(
                this,
                "exports before a table is replaced",
                ExportHandler.class,
                jar,
                Map.of(DeploymentHandler.LEDGER_TABLE, ledger.table().getTableName()),
                role,
                logs)
            .provider(LONGEST);
    for (DeploymentRun run : exported) {
      var table =
          tables.stream()
              .filter(t -> t.name().equals(run.tableName()))
              .findFirst()
              .orElseThrow(() -> new InvalidOptions(run.tableName() + " is not to be migrated."));
      for (DeploymentRun.Step step : run.migrations()) {
        step.keyChange()
            .ifPresent(
                newKey ->
                    exports
                        .computeIfAbsent(run.tableName(), name -> new ArrayList<>())
                        .add(export(provider, table, step.id(), newKey.begins(), results)));
      }
    }
  }

  /** Whether a migration of this run takes items into a new table. */
  static boolean changesAKey(DeploymentRun run) {
    return run.migrations().stream().anyMatch(step -> step.keyChange().isPresent());
  }

  /** The exports that a table's replacement waits for. */
  List<CustomResource> of(String tableName) {
    return exports.getOrDefault(tableName, List.of());
  }

  /** What the functions run as. */
  public Role role() {
    return role;
  }

  private CustomResource export(
      Provider provider, TableRef table, String migration, boolean begins, ResultsBucket results) {
    return CustomResource.Builder.create(this, table.name() + "-" + migration)
        .resourceType("Custom::GodwitExport")
        .serviceToken(provider.getServiceToken())
        .serviceTimeout(LONGEST)
        .properties(
            new LinkedHashMap<String, Object>(
                ExportHandler.properties(
                    table.name(),
                    table.arn(Stack.of(this)),
                    migration,
                    results.bucket().getBucketName(),
                    ResultsBucket.EXPORTS,
                    begins)))
        .build();
  }

  private Role role(LogGroup logs, List<TableRef> tables, Ledger ledger, ResultsBucket results) {
    var made = Grants.functionRole(this, "Godwit's deployments: export tables before they go");
    DeploymentFunctions.allowLogging(made, logs);
    made.addToPolicy(
        Grants.allow(
            "ReadTheLedgerAndNoteExports",
            List.of("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"),
            List.of(ledger.table().getTableArn())));
    var arns = Grants.arns(this, tables);
    made.addToPolicy(
        Grants.allow("ExportTables", List.of("dynamodb:ExportTableToPointInTime"), arns));
    made.addToPolicy(
        Grants.allow(
            "FollowExports",
            List.of("dynamodb:DescribeExport"),
            arns.stream().map(arn -> arn + "/export/*").toList()));
    // DynamoDB writes as whoever has asked: developer guide, "Requesting a table export"; read
    // 2026-11-26.
    made.addToPolicy(
        Grants.allow(
            "WriteExports",
            List.of("s3:AbortMultipartUpload", "s3:PutObject", "s3:PutObjectAcl"),
            List.of(results.exportedObjects())));
    results.allowKey(made, "UseTheBucketsKey");
    made.addToPolicy(
        Grants.allow(
            "SeeTheStacksStatus",
            List.of("cloudformation:DescribeStacks"),
            List.of(Stack.of(this).getStackId())));
    Grants.explainStars(
        made,
        "DynamoDB names exports, and their objects below one prefix, when it makes them;"
            + " X-Ray knows no resource.");
    return made;
  }
}
