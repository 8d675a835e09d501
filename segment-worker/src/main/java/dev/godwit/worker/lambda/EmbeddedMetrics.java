package dev.godwit.worker.lambda;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.slice.SliceResult;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.lambda.powertools.metrics.Metrics;
import software.amazon.lambda.powertools.metrics.MetricsFactory;
import software.amazon.lambda.powertools.metrics.model.DimensionSet;
import software.amazon.lambda.powertools.metrics.model.MetricUnit;

/**
 * Writes what a slice has counted into the function's log, as one line in CloudWatch's embedded
 * metric format, of which CloudWatch makes metrics by itself: no call, no permission, no wait.
 *
 * <p>They tell of work that was done: a slice that is repeated is counted again, and one that fails
 * tells nothing. What a run has done stands in its ledger.
 */
final class EmbeddedMetrics implements SliceMetrics {
  private static final String NAMESPACE = "Godwit";

  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedMetrics.class);

  private static final List<Counter> THROTTLES =
      List.of(
          Counter.THROTTLES,
          Counter.TABLE_THROTTLES,
          Counter.INDEX_THROTTLES,
          Counter.PARTITION_THROTTLES,
          Counter.ACCOUNT_THROTTLES,
          Counter.MAXIMUM_THROTTLES);

  private final Metrics metrics = MetricsFactory.getMetricsInstance();

  @Override
  public void sliceDone(SliceRequest slice, SliceResult result) {
    try {
      metrics.flushMetrics(line -> fill(line, slice, result));
    } catch (RuntimeException e) {
      LOG.warn("No metrics of a slice of segment {}; its work is done", slice.segment(), e);
    }
  }

  /** A zero is told too: an alarm on failed items needs to hear that there are none. */
  private static void fill(Metrics line, SliceRequest slice, SliceResult result) {
    line.setNamespace(NAMESPACE);
    // As defaults, because others would be added to the library's own: log group and service.
    line.setDefaultDimensions(
        DimensionSet.of(
            "Table", slice.tableName(),
            "Migration", slice.migration(),
            "Mode", slice.mode().toString()));
    line.addMetadata("runId", slice.runId());
    line.addMetadata("segment", slice.segment());
    Tally tally = result.tally();
    line.addMetric("ItemsScanned", tally.amount(Counter.SCANNED), MetricUnit.COUNT);
    line.addMetric("ItemsUpdated", tally.amount(Counter.UPDATED), MetricUnit.COUNT);
    line.addMetric("ItemsDeleted", tally.amount(Counter.DELETED), MetricUnit.COUNT);
    line.addMetric("ItemsPut", tally.amount(Counter.PUT), MetricUnit.COUNT);
    line.addMetric("ItemsFailed", tally.amount(Counter.FAILED), MetricUnit.COUNT);
    line.addMetric("Conflicts", tally.amount(Counter.CONFLICTS), MetricUnit.COUNT);
    line.addMetric(
        "Throttles", THROTTLES.stream().mapToDouble(tally::amount).sum(), MetricUnit.COUNT);
    line.addMetric("ReadUnits", tally.amount(Counter.READ_UNITS), MetricUnit.COUNT);
    line.addMetric("WriteUnits", tally.amount(Counter.WRITE_UNITS), MetricUnit.COUNT);
    line.addMetric("SegmentsDone", result.cursor().isPresent() ? 0 : 1, MetricUnit.COUNT);
  }
}
