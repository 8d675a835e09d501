package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.run.ledger.LedgerKey;
import dev.godwit.run.ledger.RateItem;
import dev.godwit.run.ledger.Slowdown;
import dev.godwit.worker.pace.Rate;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.pace.Use;
import dev.godwit.worker.wire.JsonService;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Rate documents in the ledger. Read eventually consistent, for half a unit: what is a second old
 * does no harm. Asked once: whoever needs it asks again in a few seconds anyway. Thread-safe.
 */
final class LedgerRates implements RateSource {
  private static final ObjectMapper JSON = new ObjectMapper(DynamoDbJson.parsers());

  /** A slice waits for it. */
  private static final Duration LONGEST = Duration.ofSeconds(1);

  private final JsonService service;
  private final Duration longest;

  LedgerRates(JsonService service) {
    this(service, LONGEST);
  }

  /** As above, and no request takes longer than {@code longest}. */
  LedgerRates(JsonService service, Duration longest) {
    this.service = service;
    this.longest = longest;
  }

  @Override
  public Optional<Rate> read(String ledger, String runId) {
    var asked = about(ledger, runId).raw("}").toByteArray();
    try {
      return Optional.of(rate(JSON.readTree(service.call("GetItem", asked, longest)).path("Item")));
    } catch (SdkException | IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * The condition is on the number of steps alone: what somebody sets, and what is counted, is left
   * as it is. A process that dies here leaves the step made or not; an answer that is lost is read
   * later.
   */
  @Override
  public boolean slow(String ledger, String runId, Use use, Slowdown next) {
    var name = slowed(use);
    var body = about(ledger, runId);
    body.raw(
        ",\"UpdateExpression\":\"SET #times = :next, #by = :by, #at = :at"
            + (next.unitsPerSecond().isPresent() ? ", #to = :to" : " REMOVE #to")
            + "\",\"ConditionExpression\":\""
            + (next.times() == 1 ? "attribute_not_exists(#times)" : "#times = :seen")
            + "\",\"ExpressionAttributeNames\":{\"#times\":\""
            + name
            + "\",\"#to\":\""
            + name
            + RateItem.SLOWED_TO
            + "\",\"#by\":\""
            + name
            + RateItem.SLOWED_FOR
            + "\",\"#at\":\""
            + name
            + RateItem.SLOWED_AT
            + "\"},\"ExpressionAttributeValues\":{\":next\":{\"N\":\""
            + next.times()
            + "\"},\":by\":{\"S\":\""
            + next.by().map(Slowdown.Limit::word).orElse("")
            + "\"},\":at\":{\"S\":\""
            + Instant.now().truncatedTo(ChronoUnit.MILLIS)
            + "\"}");
    if (next.times() > 1) {
      body.raw(",\":seen\":{\"N\":\"" + (next.times() - 1) + "\"}");
    }
    next.unitsPerSecond()
        .ifPresent(
            units ->
                body.raw(",\":to\":{\"N\":\"" + String.format(Locale.ROOT, "%.3f", units) + "\"}"));
    try {
      service.call("UpdateItem", body.raw("}}").toByteArray(), longest);
      return true;
    } catch (SdkException e) {
      return false; // somebody was faster, or it is tried at the next throttle
    }
  }

  /** A request about the document, its end left open. */
  private static JsonBytes about(String ledger, String runId) {
    var key = LedgerKey.rate(runId);
    return new JsonBytes()
        .raw("{\"TableName\":")
        .text(ledger)
        .raw(",\"Key\":{\"" + LedgerKey.PARTITION + "\":{\"S\":")
        .text(key.partition())
        .raw("},\"" + LedgerKey.SORT + "\":{\"S\":")
        .text(key.sort())
        .raw("}}");
  }

  private static String slowed(Use use) {
    return use == Use.READS ? RateItem.READS_SLOWED : RateItem.WRITES_SLOWED;
  }

  private static Rate rate(JsonNode item) {
    return new Rate(
        new Rate.Asked(
            units(item, RateItem.READ_UNITS_PER_SECOND),
            units(item, RateItem.WRITE_UNITS_PER_SECOND),
            (int) number(item.path(RateItem.AT_ONCE)),
            item.path(RateItem.PAUSED).path("BOOL").asBoolean(),
            number(item.path(RateItem.REVISION))),
        sum(item, RateItem.SCANNED_PREFIX),
        sum(item, RateItem.ACTIONS_PREFIX),
        slowdown(item, Use.READS),
        slowdown(item, Use.WRITES));
  }

  private static Slowdown slowdown(JsonNode item, Use use) {
    var name = slowed(use);
    return new Slowdown(
        number(item.path(name)),
        units(item, name + RateItem.SLOWED_TO),
        Slowdown.Limit.named(item.path(name + RateItem.SLOWED_FOR).path("S").asText("")));
  }

  private static OptionalDouble units(JsonNode item, String name) {
    double units = Double.parseDouble(item.path(name).path("N").asText("0"));
    return units > 0 ? OptionalDouble.of(units) : OptionalDouble.empty();
  }

  private static long sum(JsonNode item, String prefix) {
    long sum = 0;
    for (var attribute : item.properties()) {
      if (attribute.getKey().startsWith(prefix)) {
        sum += number(attribute.getValue());
      }
    }
    return sum;
  }

  /** 0 for what is not there. */
  private static long number(JsonNode value) {
    return Long.parseLong(value.path("N").asText("0"));
  }
}
