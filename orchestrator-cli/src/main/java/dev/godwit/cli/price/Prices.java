package dev.godwit.cli.price;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * What AWS charges in one region, in US dollars; list prices, without free tiers and savings plans.
 * A price that is not in it is unknown.
 *
 * @param read when that was read, as a date
 * @param source where
 * @param dollars each, as far as known
 */
public record Prices(String region, String read, String source, Map<Price, BigDecimal> dollars) {
  public Prices {
    dollars = dollars.isEmpty() ? Map.of() : new EnumMap<>(dollars);
  }

  /** Of a region of which nothing is known. */
  public static Prices unknown(String region) {
    return new Prices(region, "", "", Map.of());
  }

  /** What {@code price} is; empty when that is not known. */
  public Optional<BigDecimal> of(Price price) {
    return Optional.ofNullable(dollars.get(price));
  }

  /** Whether anything is known. */
  public boolean areKnown() {
    return !dollars.isEmpty();
  }
}
