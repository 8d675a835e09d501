package dev.godwit.worker.dynamodb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.run.ledger.LedgerKey;
import dev.godwit.run.ledger.RateItem;
import dev.godwit.worker.pace.Rate;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.wire.JsonService;
import java.io.IOException;
import java.time.Duration;
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

  LedgerRates(JsonService service) {
    this.service = service;
  }

  @Override
  public Optional<Rate> read(String ledger, String runId) {
    var key = LedgerKey.rate(runId);
    var asked =
        new JsonBytes()
            .raw("{\"TableName\":")
            .text(ledger)
            .raw(",\"Key\":{\"" + LedgerKey.PARTITION + "\":{\"S\":")
            .text(key.partition())
            .raw("},\"" + LedgerKey.SORT + "\":{\"S\":")
            .text(key.sort())
            .raw("}}}")
            .toByteArray();
    try {
      return Optional.of(rate(JSON.readTree(service.call("GetItem", asked, LONGEST)).path("Item")));
    } catch (SdkException | IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Rate rate(JsonNode item) {
    return new Rate(
        units(item, RateItem.READ_UNITS_PER_SECOND),
        units(item, RateItem.WRITE_UNITS_PER_SECOND),
        item.path(RateItem.PAUSED).path("BOOL").asBoolean(),
        number(item.path(RateItem.REVISION)),
        sum(item, RateItem.SCANNED_PREFIX),
        sum(item, RateItem.ACTIONS_PREFIX));
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
