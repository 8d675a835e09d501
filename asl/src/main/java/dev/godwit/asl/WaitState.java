package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;

/** Lets time pass: a number of seconds, or until a moment. */
final class WaitState extends State {
  private final Template until;
  private final boolean isTimestamp;

  /**
   * @param until {@code Seconds}, or {@code Timestamp} if {@code isTimestamp}
   */
  WaitState(Common common, Template until, boolean isTimestamp) {
    super(common);
    this.until = until;
    this.isTimestamp = isTimestamp;
  }

  @Override
  void run(Visit visit) {
    JsonNode value = until.evaluate(visit.bindings());
    Duration wait = isTimestamp ? untilTimestamp(visit, value) : seconds(value);
    visit.after(
        wait, () -> visit.leave(visit.bindings(), visit.input(), assign(), output(), next()));
  }

  private Duration seconds(JsonNode value) {
    if (!value.isIntegralNumber()) {
      throw Visit.wrongType(until, "integer", value);
    }
    long seconds = value.longValue();
    if (seconds < 0 || seconds > Limits.LONGEST_SECONDS) {
      throw Visit.outOfRange(until, "0 to " + Limits.LONGEST_SECONDS, value);
    }
    return Duration.ofSeconds(seconds);
  }

  private Duration untilTimestamp(Visit visit, JsonNode value) {
    if (!value.isTextual()) {
      throw Visit.wrongType(until, "string", value);
    }
    Instant moment;
    try {
      moment = OffsetDateTime.parse(value.textValue()).toInstant();
    } catch (DateTimeException e) {
      throw Visit.outOfRange(until, "an RFC 3339 timestamp", value);
    }
    Duration wait = Duration.between(visit.now(), moment);
    return wait.isNegative() ? Duration.ZERO : wait;
  }
}
