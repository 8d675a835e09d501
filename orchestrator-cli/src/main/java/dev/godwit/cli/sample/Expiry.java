package dev.godwit.cli.sample;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/** When items expire. */
final class Expiry {
  private Expiry() {}

  /**
   * Whether {@code item} is past its time to live: a number, in seconds since 1970. DynamoDB
   * deletes it within a few days, and not if that was five years ago or more: developer guide,
   * "Using time to live (TTL) in DynamoDB"; read 2026-11-26.
   *
   * @param attribute the table's
   */
  static boolean isPast(Item item, String attribute, Instant now) {
    var expires = item.only(List.of(attribute)).find(attribute);
    return expires
        .filter(value -> value.type() == AttributeType.N)
        .map(Value::asNumber)
        .filter(at -> at.compareTo(BigDecimal.valueOf(now.getEpochSecond())) < 0)
        .isPresent();
  }
}
