package dev.godwit.cli.lifecycle;

import dev.godwit.cli.run.SegmentCounts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How far an execution's Map Runs are.
 *
 * @param begun whether the first one, which migrates, has begun: a redrive goes on behind the
 *     prewarm
 * @param segments how many of its segments have ended
 * @param addresses where people can look at them, by what is there
 */
public record MapRuns(boolean begun, SegmentCounts segments, Map<String, String> addresses) {
  public MapRuns {
    addresses = Collections.unmodifiableMap(new LinkedHashMap<>(addresses));
  }
}
