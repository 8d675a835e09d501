package dev.godwit.infra;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.cloudwatch.MetricOptions;
import software.amazon.awscdk.services.cloudwatch.SingleValueWidget;
import software.amazon.awscdk.services.cloudwatch.TextWidget;
import software.amazon.awscdk.services.lambda.Architecture;
import software.constructs.Construct;

/** One page that tells how a run is doing, from metrics that AWS keeps anyway. */
public final class RunDashboard extends Construct {
  private static final Duration MINUTE = Duration.minutes(1);

  /**
   * List prices in us-east-1, in US dollars, read 2026-11-20: Step Functions' state transitions on
   * https://aws.amazon.com/step-functions/pricing/; Lambda's GB-seconds and DynamoDB's on-demand
   * units only in others' copies of AWS's tables, https://cloudchipr.com/blog/aws-lambda-pricing
   * and https://airbyte.com/data-engineering-resources/dynamodb-pricing. The figure that is made of
   * them is for orientation.
   */
  private static final double ARM_GIGABYTE_SECOND = 0.0000133334;

  private static final double X86_GIGABYTE_SECOND = 0.0000166667;
  private static final double REQUEST = 0.0000002;
  private static final double TRANSITION = 0.000025;
  private static final double READ_UNIT = 0.000000125;
  private static final double WRITE_UNIT = 0.000000625;

  /** Scan slice, Count slice, More pages?, and the way to them or out. */
  private static final int TRANSITIONS_PER_SLICE = 4;

  private final Dashboard dashboard;

  RunDashboard(
      Construct scope,
      String id,
      List<TableRef> tables,
      MigrateTableMachine migrate,
      SettleRunMachine settle,
      SegmentWorkerFunction worker,
      WorkerOptions options) {
    super(scope, id);
    dashboard =
        Dashboard.Builder.create(this, "Dashboard").defaultInterval(Duration.hours(3)).build();
    dashboard.addWidgets(
        TextWidget.Builder.create()
            .markdown(
                "# Godwit\nTable figures hold everything that uses the table, not the run alone. Costs"
                    + " are list prices of us-east-1 for the time shown.")
            .width(24)
            .height(2)
            .build());
    dashboard.addWidgets(runs(migrate, settle), mapRuns());
    dashboard.addWidgets(worker(worker), workerTime(worker));
    for (TableRef table : tables) {
      dashboard.addWidgets(pace(table), throttles(table), capacity(table));
      dashboard.addWidgets(work(table), trouble(table));
    }
    dashboard.addWidgets(cost(tables, worker, options));
  }

  public Dashboard dashboard() {
    return dashboard;
  }

  private static IWidget runs(MigrateTableMachine migrate, SettleRunMachine settle) {
    var sum = MetricOptions.builder().period(MINUTE).statistic("Sum").build();
    var machine = migrate.machine();
    return graph(
        "Runs",
        List.of(
            machine.metricStarted(sum),
            machine.metricSucceeded(sum),
            machine.metricFailed(sum),
            machine.metricAborted(sum),
            machine.metricTimedOut(sum)),
        List.of(
            settle.machine().metricFailed(MetricOptions.builder().label("settle failed").build())));
  }

  /**
   * Map Runs of the whole account: Step Functions developer guide, "Monitoring Step Functions
   * metrics using Amazon CloudWatch", "Map Run metrics"; read 2026-11-20.
   */
  private static IWidget mapRuns() {
    return graph(
        "Map Runs of this account",
        List.of(
            account("ApproximateOpenMapRunCount"),
            account("ApproximateMapRunBacklogSize"),
            account("OpenMapRunLimit")),
        List.of());
  }

  private static Metric account(String name) {
    return Metric.Builder.create()
        .namespace("AWS/States")
        .metricName(name)
        .statistic("Maximum")
        .period(MINUTE)
        .build();
  }

  private static IWidget worker(SegmentWorkerFunction worker) {
    var sum = MetricOptions.builder().period(MINUTE).statistic("Sum").build();
    return graph(
        "Slices, errors and throttles of the worker",
        List.of(
            worker.function().metricInvocations(sum),
            worker.function().metricErrors(sum),
            worker.function().metricThrottles(sum)),
        List.of(
            worker
                .function()
                .metric(
                    "ConcurrentExecutions",
                    MetricOptions.builder().period(MINUTE).statistic("Maximum").build())));
  }

  private static IWidget workerTime(SegmentWorkerFunction worker) {
    var metrics = new ArrayList<IMetric>();
    for (String statistic : List.of("p50", "p99", "Maximum")) {
      metrics.add(
          worker
              .function()
              .metricDuration(
                  MetricOptions.builder()
                      .period(MINUTE)
                      .statistic(statistic)
                      .label("slice " + statistic)
                      .build()));
    }
    return graph("Duration of slices, ms", metrics, List.of());
  }

  private static IWidget pace(TableRef table) {
    return graph(
        table.name() + ": items scanned and units written a second",
        List.of(
            perSecond("items", "items scanned", TableMetrics.scannedItems(table, MINUTE)),
            perSecond(
                "units",
                "units written",
                TableMetrics.sum(table, "ConsumedWriteCapacityUnits", MINUTE))),
        List.of());
  }

  /**
   * @param id names the metric in its graph
   */
  private static IMetric perSecond(String id, String label, Metric sum) {
    return MathExpression.Builder.create()
        .expression(id + " / PERIOD(" + id + ")")
        .usingMetrics(Map.of(id, sum))
        .label(label)
        .period(MINUTE)
        .build();
  }

  /** Indexes are not known here: CloudWatch searches for those that there are. */
  private static IWidget throttles(TableRef table) {
    return graph(
        table.name() + ": throttled requests, by table and index",
        List.of(
            TableMetrics.sum(table, "ReadThrottleEvents", MINUTE),
            TableMetrics.sum(table, "WriteThrottleEvents", MINUTE),
            indexes(table, "ReadThrottleEvents"),
            indexes(table, "WriteThrottleEvents")),
        List.of());
  }

  private static IMetric indexes(TableRef table, String metric) {
    return searched(
        "{AWS/DynamoDB,TableName,GlobalSecondaryIndexName} TableName=\"" + table.name() + '"',
        metric);
  }

  /** Of the runs that write, by migration; told at the end of each slice. */
  private static IWidget work(TableRef table) {
    return graph(
        table.name() + ": items that runs have looked at and written",
        List.of(
            runs(table, "ItemsScanned"),
            runs(table, "ItemsUpdated"),
            runs(table, "ItemsDeleted"),
            runs(table, "ItemsPut")),
        List.of());
  }

  private static IWidget trouble(TableRef table) {
    return graph(
        table.name() + ": failed items, conflicts and throttles of runs",
        List.of(runs(table, "ItemsFailed"), runs(table, "Conflicts"), runs(table, "Throttles")),
        List.of());
  }

  /** What the worker tells of its slices: its class {@code EmbeddedMetrics} has the names. */
  private static IMetric runs(TableRef table, String metric) {
    return searched(
        "{Godwit,Migration,Mode,Table} Table=\"" + table.name() + "\" Mode=\"apply\"", metric);
  }

  private static IMetric searched(String which, String metric) {
    return MathExpression.Builder.create()
        .expression("SEARCH('" + which + " MetricName=\"" + metric + "\"', 'Sum', 60)")
        .usingMetrics(Map.of())
        .label("")
        .period(MINUTE)
        .build();
  }

  private static IWidget capacity(TableRef table) {
    return graph(
        table.name() + ": consumed against provisioned, units a second",
        List.of(
            perSecond(
                "reads", "read", TableMetrics.sum(table, "ConsumedReadCapacityUnits", MINUTE)),
            perSecond(
                "writes", "written", TableMetrics.sum(table, "ConsumedWriteCapacityUnits", MINUTE)),
            TableMetrics.average(table, "ProvisionedReadCapacityUnits", MINUTE),
            TableMetrics.average(table, "ProvisionedWriteCapacityUnits", MINUTE)),
        List.of());
  }

  private static IWidget cost(
      List<TableRef> tables, SegmentWorkerFunction worker, WorkerOptions options) {
    double gigabytes = options.memoryMegabytes() / 1024.0;
    double second =
        options.architecture().equals(Architecture.ARM_64)
            ? ARM_GIGABYTE_SECOND
            : X86_GIGABYTE_SECOND;
    var sum = MetricOptions.builder().period(MINUTE).statistic("Sum").build();
    Metric duration = worker.function().metricDuration(sum);
    Metric slices = worker.function().metricInvocations(sum);
    var metrics = new ArrayList<IMetric>();
    metrics.add(
        dollars(
            "Lambda",
            String.format(Locale.ROOT, "d / 1000 * %.12f + n * %.12f", gigabytes * second, REQUEST),
            Ordered.map("d", duration, "n", slices)));
    metrics.add(
        dollars(
            "Step Functions",
            String.format(Locale.ROOT, "n * %.12f", TRANSITIONS_PER_SLICE * TRANSITION),
            Map.of("n", slices)));
    for (int i = 0; i < tables.size(); i++) {
      var table = tables.get(i);
      String reads = "r" + i;
      String writes = "w" + i;
      var used = new LinkedHashMap<String, IMetric>();
      used.put(reads, TableMetrics.sum(table, "ConsumedReadCapacityUnits", MINUTE));
      used.put(writes, TableMetrics.sum(table, "ConsumedWriteCapacityUnits", MINUTE));
      metrics.add(
          dollars(
              table.name() + ", if on demand",
              String.format(
                  Locale.ROOT, "%s * %.12f + %s * %.12f", reads, READ_UNIT, writes, WRITE_UNIT),
              used));
    }
    return SingleValueWidget.Builder.create()
        .title("Cost so far, in US dollars, for the time shown")
        .metrics(metrics)
        .setPeriodToTimeRange(true)
        .width(24)
        .height(4)
        .build();
  }

  private static IMetric dollars(
      String label, String expression, Map<String, ? extends IMetric> metrics) {
    return MathExpression.Builder.create()
        .expression(expression)
        .usingMetrics(metrics)
        .label(label)
        .period(MINUTE)
        .build();
  }

  private static IWidget graph(String title, List<IMetric> left, List<IMetric> right) {
    return GraphWidget.Builder.create()
        .title(title)
        .left(left)
        .right(right)
        .width(8)
        .height(6)
        .build();
  }
}
