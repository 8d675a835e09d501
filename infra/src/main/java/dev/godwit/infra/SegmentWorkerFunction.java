package dev.godwit.infra;

import dev.godwit.run.WorkerActions;
import dev.godwit.run.ledger.LedgerKey;
import dev.godwit.run.ledger.RateItem;
import dev.godwit.run.results.ResultsLayout;
import dev.godwit.run.results.ResultsLayout.Kind;
import io.github.cdklabs.cdknag.NagPackSuppression;
import io.github.cdklabs.cdknag.NagSuppressions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Role;
import software.amazon.awscdk.services.lambda.Alias;
import software.amazon.awscdk.services.lambda.Code;
import software.amazon.awscdk.services.lambda.Function;
import software.amazon.awscdk.services.lambda.Runtime;
import software.amazon.awscdk.services.lambda.SnapStartConf;
import software.amazon.awscdk.services.lambda.Tracing;
import software.amazon.awscdk.services.lambda.Version;
import software.amazon.awscdk.services.lambda.VersionOptions;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/**
 * The worker: scans slices and writes them back.
 *
 * <p>Only published versions are snapshotted by SnapStart, so runs begin with the alias {@value
 * #ALIAS_NAME}, which stands for the version that this deployment publishes, and then keep that
 * version: each has an alias of its own, and versions outlive the deployments after theirs.
 */
public final class SegmentWorkerFunction extends Construct {
  static final String HANDLER = "dev.godwit.worker.lambda.SegmentWorkerHandler::handleRequest";
  static final String ALIAS_NAME = "live";

  /** The newest Java runtime whose class files and behaviour Godwit's builds cover. */
  /** Unless another is asked for. */
  static final Runtime RUNTIME = Runtime.JAVA_21;

  /** The runtimes that the worker may have. */
  private static final List<Runtime> RUNTIMES = List.of(RUNTIME, Runtime.JAVA_25);

  private final Function function;
  private final Version version;
  private final Alias alias;
  private final Role role;

  SegmentWorkerFunction(
      Construct scope,
      String id,
      WorkerOptions options,
      List<TableRef> tables,
      List<TableRef> actionTables,
      List<TableRef> targets,
      List<SourceRef> sources,
      Ledger ledger,
      ResultsBucket results,
      RetentionDays keepLogs) {
    super(scope, id);
    var logs =
        LogGroup.Builder.create(this, "Logs")
            .retention(keepLogs)
            .removalPolicy(RemovalPolicy.DESTROY)
            .build();
    role = Grants.functionRole(this, "Godwit's worker: scans and writes tables");
    role.addToPolicy(
        Grants.allow(
            "WriteItsLog",
            List.of("logs:CreateLogStream", "logs:PutLogEvents"),
            List.of(logs.getLogGroupArn())));
    allowTables(tables, actionTables, options.singleWrites());
    allowTargets(targets, options.singleWrites());
    allowSources(sources);
    Grants.allowTableKeys(
        role,
        "UseTheTablesKeys",
        Stream.of(tables, actionTables, targets).flatMap(List::stream).toList());
    // How fast its run may go, and nothing that says who holds a table.
    role.addToPolicy(
        Grants.allow(
            "ReadTheRatesOfRuns",
            List.of("dynamodb:GetItem"),
            List.of(ledger.table().getTableArn()),
            Map.of(
                "ForAllValues:StringLike",
                Map.of("dynamodb:LeadingKeys", List.of(LedgerKey.rate("*").partition())))));
    role.addToPolicy(
        Grants.allow(
            "SlowRunsThatAreThrottled",
            List.of("dynamodb:UpdateItem"),
            List.of(ledger.table().getTableArn()),
            Map.of(
                "ForAllValues:StringLike",
                Map.of("dynamodb:LeadingKeys", List.of(LedgerKey.rate("*").partition())),
                "ForAllValues:StringEquals",
                Map.of("dynamodb:Attributes", slowing()))));
    role.addToPolicy(
        Grants.allow(
            "KeepRecords", List.of("s3:GetObject", "s3:PutObject"), List.of(results.objects())));
    role.addToPolicy(
        Grants.allow(
            "FindRecords",
            List.of("s3:ListBucket"),
            List.of(results.bucket().getBucketArn()),
            Map.of(
                "StringLike",
                Map.of(
                    "s3:prefix",
                    List.of(
                        ResultsLayout.pattern(Kind.FAILURES),
                        ResultsLayout.pattern(Kind.DEFERRED_ACTIONS),
                        ResultsLayout.pattern(Kind.BEFORE_IMAGES),
                        ResultsLayout.pattern(Kind.ACCEPTED_CODE))))));
    // Those that a deployment, or godwit export, has made: named in no sources.
    role.addToPolicy(
        Grants.allow("ReadExports", List.of("s3:GetObject"), List.of(results.exportedObjects())));
    role.addToPolicy(
        Grants.allow(
            "FindExports",
            List.of("s3:ListBucket"),
            List.of(results.bucket().getBucketArn()),
            Map.of("StringLike", Map.of("s3:prefix", List.of(ResultsBucket.EXPORTS + "/*")))));
    results.allowKey(role, "UseTheBucketsKey");

    var builder =
        Function.Builder.create(this, "Function")
            .description("Godwit's worker: moves one slice of a table through a migration")
            .runtime(options.runtime())
            .architecture(options.architecture())
            .handler(HANDLER)
            .code(Code.fromAsset(options.jar().toString()))
            .memorySize(options.memoryMegabytes())
            .timeout(options.timeout())
            .snapStart(SnapStartConf.ON_PUBLISHED_VERSIONS)
            .tracing(Tracing.ACTIVE)
            .role(role)
            .logGroup(logs)
            .environment(environment(options, results))
            // A run keeps the version that it began with, by an alias of its own: see
            // migrate-table.
            .currentVersionOptions(
                VersionOptions.builder().removalPolicy(RemovalPolicy.RETAIN).build());
    options.reservedConcurrency().ifPresent(builder::reservedConcurrentExecutions);
    options.network().ifPresent(network -> network(builder, network));
    var layer =
        options.migrations().isEmpty()
            ? null
            : new MigrationsLayer(
                this,
                "Migrations",
                options.migrations(),
                options.runtime(),
                options.architecture());
    if (layer != null) {
      builder.layers(List.of(layer.layer()));
    }
    function = builder.build();
    if (layer != null) {
      // CDK sees a layer's new contents only under a feature flag that another app may not have
      // set.
      function.invalidateVersionBasedOn(layer.contents());
    }
    // It is published, a line below.
    Annotations.of(function).acknowledgeWarning("@aws-cdk/aws-lambda:snapStartRequirePublish");
    version = function.getCurrentVersion();
    alias =
        Alias.Builder.create(this, "Live")
            .aliasName(ALIAS_NAME)
            .version(version)
            .description("What runs begin with")
            .build();
    NagSuppressions.addResourceSuppressions(
        function,
        List.of(
            NagPackSuppression.builder()
                .id("AwsSolutions-L1")
                .reason(
                    "Java 21 is the newest LTS runtime that Godwit's JDK 17 build and its tools cover;"
                        + " it is supported for years.")
                .build()));
    Grants.explainStars(
        role,
        "Objects of all runs are written below one prefix; X-Ray's and, in a VPC, the"
            + " network interfaces' actions know no resource; sources are named by the"
            + " beginning of their keys; a table's items are read by any of its indexes; keys are used through"
            + " DynamoDB only, with the actions that DynamoDB's guide names.");
  }

  /** The function; runs begin with its {@link #alias}. */
  public Function function() {
    return function;
  }

  /** The version that this deployment publishes. */
  public Version version() {
    return version;
  }

  /** What runs begin with. */
  public Alias alias() {
    return alias;
  }

  /** What the worker runs as. */
  public Role role() {
    return role;
  }

  /** The alias's ARN, known before there is an alias. */
  String aliasArn() {
    return function.getFunctionArn() + ":" + ALIAS_NAME;
  }

  /** What the worker calls; of tables of actions, statements do no more than insert. */
  private void allowTables(
      List<TableRef> tables, List<TableRef> actionTables, boolean singleWrites) {
    role.addToPolicy(
        Grants.allow(
            "MigrateTables", WorkerActions.onItsTable(singleWrites), Grants.arns(this, tables)));
    var indexes = Grants.arns(this, tables).stream().map(table -> table + "/index/*");
    role.addToPolicy(
        Grants.allow(
            "SelectItems",
            WorkerActions.ofSelection(),
            Stream.concat(Grants.arns(this, tables).stream(), indexes).toList()));
    if (!actionTables.isEmpty()) {
      role.addToPolicy(
          Grants.allow(
              "WriteOtherTables",
              actions(
                  List.of(
                      "dynamodb:BatchWriteItem",
                      "dynamodb:DeleteItem",
                      "dynamodb:DescribeTable",
                      "dynamodb:PutItem",
                      "dynamodb:UpdateItem"),
                  singleWrites ? List.of() : List.of("dynamodb:PartiQLInsert")),
              Grants.arns(this, actionTables)));
    }
  }

  /** Read by dry runs and verifications alone; nothing there is ever deleted. */
  private void allowTargets(List<TableRef> targets, boolean singleWrites) {
    if (!targets.isEmpty()) {
      role.addToPolicy(
          Grants.allow(
              "FillTargets",
              actions(
                  List.of(
                      "dynamodb:BatchGetItem",
                      "dynamodb:BatchWriteItem",
                      "dynamodb:DescribeTable",
                      "dynamodb:PutItem",
                      "dynamodb:Scan"),
                  singleWrites ? List.of() : List.of("dynamodb:PartiQLInsert")),
              Grants.arns(this, targets)));
    }
  }

  /**
   * Also to be told which files there are: without it, one that is missing is said to be forbidden.
   */
  private void allowSources(List<SourceRef> sources) {
    if (sources.isEmpty()) {
      return;
    }
    role.addToPolicy(
        Grants.allow(
            "ReadSources",
            List.of("s3:GetObject"),
            sources.stream()
                .map(files -> s3Arn(files.bucket() + "/" + files.prefix() + "*"))
                .distinct()
                .toList()));
    var buckets = sources.stream().map(SourceRef::bucket).distinct().toList();
    for (int i = 0; i < buckets.size(); i++) {
      var bucket = buckets.get(i);
      role.addToPolicy(
          Grants.allow(
              "FindSources" + (i == 0 ? "" : i + 1),
              List.of("s3:ListBucket"),
              List.of(s3Arn(bucket)),
              Map.of(
                  "StringLike",
                  Map.of(
                      "s3:prefix",
                      sources.stream()
                          .filter(files -> files.bucket().equals(bucket))
                          .map(files -> files.prefix() + "*")
                          .distinct()
                          .toList()))));
    }
    var keys = sources.stream().flatMap(files -> files.kmsKeyArn().stream()).distinct().toList();
    if (!keys.isEmpty()) {
      role.addToPolicy(
          Grants.allow(
              "UseTheSourcesKeys",
              List.of("kms:Decrypt"),
              keys,
              Map.of("StringLike", Map.of("kms:ViaService", "s3.*.amazonaws.com*"))));
    }
  }

  private String s3Arn(String resource) {
    return Stack.of(this)
        .formatArn(
            ArnComponents.builder()
                .service("s3")
                .region("")
                .account("")
                .resource(resource)
                .arnFormat(ArnFormat.NO_RESOURCE_NAME)
                .build());
  }

  private static List<String> actions(List<String> always, List<String> perhaps) {
    return Stream.concat(always.stream(), perhaps.stream()).sorted().toList();
  }

  /** All that it may write there: nothing of a run's record, nor what somebody has set. */
  private static List<String> slowing() {
    return Stream.concat(
            Stream.of(LedgerKey.PARTITION, LedgerKey.SORT),
            Stream.of(RateItem.READS_SLOWED, RateItem.WRITES_SLOWED)
                .flatMap(
                    name ->
                        Stream.of("", RateItem.SLOWED_TO, RateItem.SLOWED_FOR, RateItem.SLOWED_AT)
                            .map(end -> name + end)))
        .toList();
  }

  private static Map<String, String> environment(WorkerOptions options, ResultsBucket results) {
    var environment = new LinkedHashMap<String, String>();
    environment.put("RESULTS_BUCKET", results.bucket().getBucketName());
    options
        .requestsInFlight()
        .ifPresent(n -> environment.put("REQUESTS_IN_FLIGHT", Integer.toString(n)));
    environment.put("WRITER", options.singleWrites() ? "single" : "batched");
    return environment;
  }

  /** Network interfaces: Lambda developer guide, "Giving Lambda functions access to a VPC". */
  private void network(Function.Builder builder, WorkerOptions.Network network) {
    role.addToPolicy(
        Grants.allow(
            "HaveNetworkInterfaces",
            List.of(
                "ec2:AssignPrivateIpAddresses",
                "ec2:CreateNetworkInterface",
                "ec2:DeleteNetworkInterface",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSubnets",
                "ec2:UnassignPrivateIpAddresses"),
            List.of("*")));
    builder.vpc(network.vpc()).vpcSubnets(network.subnets());
    if (!network.securityGroups().isEmpty()) {
      builder.securityGroups(network.securityGroups());
    }
  }

  /**
   * The runtime that Lambda calls {@code name}.
   *
   * @throws InvalidOptions when the worker cannot have it
   */
  static Runtime runtime(String name) {
    return RUNTIMES.stream()
        .filter(runtime -> runtime.getName().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new InvalidOptions("runtime must be java21 or java25, not \"" + name + "\"."));
  }
}
