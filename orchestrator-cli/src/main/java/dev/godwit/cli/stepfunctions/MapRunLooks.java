package dev.godwit.cli.stepfunctions;

import dev.godwit.cli.lifecycle.MapRuns;
import dev.godwit.cli.run.SegmentCounts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.sfn.SfnClient;
import software.amazon.awssdk.services.sfn.model.DescribeMapRunResponse;
import software.amazon.awssdk.services.sfn.model.MapRunListItem;
import software.amazon.awssdk.services.sfn.model.MapRunStatus;

/**
 * The Map Runs of one execution, asked for as seldom as will do: at most one DescribeMapRun and one
 * ListMapRuns a look; one DescribeMapRun more for each that is found ended, as that of a canary.
 *
 * <p>Each may be called once a second in the long run, by everybody in the account and region
 * together: Step Functions developer guide, "Service quotas", "Quotas related to API action
 * throttling" (bucket 200 and 100, refill 1 a second); read 2026-11-20. So a Map Run that has ended
 * is not described again, and new ones are looked for only while none is known to run.
 */
final class MapRunLooks {
  /** The Map that migrates, once or, with a canary, twice; its label is part of the ARN. */
  private static final String SEGMENTS = "/Segments:";

  private final SfnClient sfn;
  private final String executionArn;
  private final Map<String, DescribeMapRunResponse> known = new LinkedHashMap<>();

  MapRunLooks(SfnClient sfn, String executionArn) {
    this.sfn = sfn;
    this.executionArn = executionArn;
  }

  /** Asks again. */
  void look() {
    for (String arn : known.keySet()) {
      if (isRunning(known.get(arn))) {
        known.put(arn, sfn.describeMapRun(describe -> describe.mapRunArn(arn)));
        return;
      }
    }
    for (String arn : listed()) {
      if (!known.containsKey(arn)) {
        var run = sfn.describeMapRun(describe -> describe.mapRunArn(arn));
        known.put(arn, run);
        if (isRunning(run) || !arn.contains(SEGMENTS)) {
          return;
        }
      }
    }
  }

  /** The latest Map Run of segments, if it is going on. */
  Optional<DescribeMapRunResponse> segmentsUnderWay() {
    return listed().stream()
        .filter(arn -> arn.contains(SEGMENTS))
        .reduce((canary, others) -> others)
        .map(arn -> sfn.describeMapRun(describe -> describe.mapRunArn(arn)))
        .filter(MapRunLooks::isRunning);
  }

  /** Oldest first. */
  private List<String> listed() {
    var arns = new ArrayList<String>();
    for (MapRunListItem item :
        sfn.listMapRunsPaginator(list -> list.executionArn(executionArn)).mapRuns()) {
      arns.add(0, item.mapRunArn());
    }
    return arns;
  }

  private static boolean isRunning(@org.jspecify.annotations.Nullable DescribeMapRunResponse run) {
    return run != null && run.status() == MapRunStatus.RUNNING;
  }

  /**
   * How far they are, as far as is known.
   *
   * @param total how many segments there are
   */
  MapRuns seen(int total, ConsoleLinks links) {
    var addresses = new LinkedHashMap<String, String>();
    for (String arn : known.keySet()) {
      String label = arn.substring(arn.indexOf('/') + 1, arn.lastIndexOf(':'));
      addresses.put("map run " + label, links.mapRun(arn));
    }
    return new MapRuns(!known.isEmpty(), segments(total), addresses);
  }

  private SegmentCounts segments(int total) {
    long succeeded = 0;
    long failed = 0;
    long running = 0;
    for (Map.Entry<String, DescribeMapRunResponse> run : known.entrySet()) {
      if (run.getKey().contains(SEGMENTS)) {
        var counts = run.getValue().itemCounts();
        succeeded += counts.succeeded();
        failed += counts.failed() + counts.timedOut();
        running += counts.running();
      }
    }
    return new SegmentCounts(
        total, Math.toIntExact(succeeded), Math.toIntExact(failed), Math.toIntExact(running));
  }
}
