package dev.godwit.infra;

import dev.godwit.asl.Definitions;
import dev.godwit.run.results.ResultsLayout;
import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.stepfunctions.StateMachine;
import software.amazon.awscdk.services.stepfunctions.StateMachineType;
import software.constructs.Construct;

/** The state machine of a run: {@code migrate-table.asl.json}, and a role for what it calls. */
public final class MigrateTableMachine extends Construct {
  /** The Label of the Map over segments, which is part of its children's names. */
  static final String SEGMENTS = "Segments";

  /** The Label of the Map over deferred actions. */
  static final String DEFERRED = "Deferred";

  private final String name;
  private final StateMachine machine;
  private final Role role;

  MigrateTableMachine(
      Construct scope,
      String id,
      String name,
      List<TableRef> tables,
      SegmentWorkerFunction worker,
      Ledger ledger,
      ResultsBucket results,
      RetentionDays keepLogs) {
    super(scope, id);
    this.name = name;
    role = Grants.stateMachineRole(this, "Godwit's run: calls the worker, keeps the ledger");
    allowCalls(tables, worker, ledger);
    allowMapRuns(results);
    machine =
        DefinedStateMachine.create(
            this,
            name,
            StateMachineType.STANDARD,
            "Godwit: moves a table through a migration",
            Definitions.text(Definitions.MIGRATE_TABLE),
            Ordered.map(
                Map.of(
                    "Partition", Stack.of(this).getPartition(),
                    "WorkerFunction", worker.alias().getFunctionArn(),
                    "WorkerFunctionName", worker.function().getFunctionArn(),
                    "LedgerTable", ledger.table().getTableName(),
                    "ResultsBucket", results.bucket().getBucketName())),
            role,
            keepLogs);
    Grants.explainStars(
        role,
        "A run calls one version of the worker, by an alias that is made when it begins; a"
            + " Map Run's children and a run's objects have names that are made when it runs,"
            + " below this machine's own name and below runs/; auto scaling's targets have"
            + " random ids and are held to DynamoDB's by a condition; describing them,"
            + " X-Ray and log delivery know no resource.");
  }

  public StateMachine machine() {
    return machine;
  }

  /** What the machine runs as. */
  public Role role() {
    return role;
  }

  String name() {
    return name;
  }

  private void allowCalls(List<TableRef> tables, SegmentWorkerFunction worker, Ledger ledger) {
    role.addToPolicy(
        Grants.allow(
            "CallTheWorker",
            List.of("lambda:InvokeFunction"),
            List.of(worker.function().getFunctionArn() + ":*")));
    role.addToPolicy(
        Grants.allow(
            "PinTheWorker",
            List.of("lambda:CreateAlias"),
            List.of(worker.function().getFunctionArn())));
    role.addToPolicy(
        Grants.allow(
            "KeepTheLedger",
            List.of("dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem"),
            List.of(ledger.table().getTableArn())));
    role.addToPolicy(
        Grants.allow(
            "RaiseCapacity",
            List.of("dynamodb:DescribeTable", "dynamodb:UpdateTable"),
            Grants.arns(this, tables)));
    Grants.allowTableKeys(role, "UseTheTablesKeys", tables);
    AutoScaling.allowFinding(role);
    AutoScaling.allowSuspending(this, role);
  }

  /**
   * What a distributed Map needs, all from the Step Functions developer guide, "IAM policies for
   * using Distributed Map states"
   * (https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html), read
   * 2026-11-20, and compared with https://github.com/aws/aws-cdk/pull/34760: starting its children
   * on the machine's own ARN, describing and stopping its executions, redriving children by the
   * Map's label, writing results (with multipart uploads) and listing what an ItemReader reads.
   */
  private void allowMapRuns(ResultsBucket results) {
    role.addToPolicy(
        Grants.allow(
            "StartChildren",
            List.of("states:StartExecution"),
            List.of(Grants.stateMachineArn(this, name))));
    role.addToPolicy(
        Grants.allow(
            "FollowChildren",
            List.of("states:DescribeExecution", "states:StopExecution"),
            List.of(
                Grants.executionArn(this, name + ":*"),
                Grants.executionArn(this, name + "/" + SEGMENTS + ":*"),
                Grants.executionArn(this, name + "/" + DEFERRED + ":*"))));
    role.addToPolicy(
        Grants.allow(
            "RedriveChildren",
            List.of("states:RedriveExecution"),
            List.of(
                Grants.executionArn(this, name + "/" + SEGMENTS + ":*"),
                Grants.executionArn(this, name + "/" + DEFERRED + ":*"))));
    role.addToPolicy(
        Grants.allow(
            "WriteResults",
            List.of(
                "s3:AbortMultipartUpload",
                "s3:GetObject",
                "s3:ListMultipartUploadParts",
                "s3:PutObject"),
            List.of(results.objects())));
    role.addToPolicy(
        Grants.allow(
            "ListDeferred",
            List.of("s3:ListBucket"),
            List.of(results.bucket().getBucketArn()),
            Map.of(
                "StringLike",
                Map.of("s3:prefix", List.of(ResultsLayout.pattern(ResultsLayout.Kind.DEFERRED))))));
    results.allowKey(role, "UseTheBucketsKey");
  }
}
