package dev.godwit.worker.write;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What became of a request with one or more writes.
 *
 * @param outcomes one for each write, in the same order
 * @param units write units that DynamoDB reported; absent when it reported none
 * @param throttles how often the request or a write of it was throttled
 * @param indexThrottles how many of those were an index's doing
 */
public record Answer(
    List<Outcome> outcomes, OptionalDouble units, int throttles, int indexThrottles) {
  public Answer {
    outcomes = List.copyOf(outcomes);
  }
}
