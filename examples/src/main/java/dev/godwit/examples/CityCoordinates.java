package dev.godwit.examples;

import ch.hsr.geohash.GeoHash;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.TransformContext;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/**
 * Turns the coordinates of a city, stored as text, into numbers; adds their geohash; and calls
 * {@code admin1} by its meaning, {@code region}, where it is not empty.
 *
 * <p>Numbers hold the text's exact decimal value. Each part is done only where it is still to do,
 * so an item in the new form is kept, and one that an application writes half-new is completed.
 */
public final class CityCoordinates implements Migration {
  /** Nine characters name a cell of about 5 m by 5 m. */
  private static final int GEOHASH_CHARACTERS = 9;

  private static final List<String> COORDINATES = List.of("lat", "lng");

  @Override
  public String id() {
    return "20261120-city-coordinates";
  }

  @Override
  public String table() {
    return "Cities*";
  }

  @Override
  public String description() {
    return "Turns lat and lng into numbers, adds a geohash, renames admin1 to region";
  }

  @Override
  public ItemTransform up() {
    return CityCoordinates::toNumbers;
  }

  /** Back to text. Zeros that a text ended in are gone, for a number does not keep them. */
  @Override
  public Optional<ItemTransform> down() {
    return Optional.of(CityCoordinates::toTexts);
  }

  private static Change toNumbers(Item item, TransformContext context) {
    var city = item;
    for (String name : COORDINATES) {
      if (city.typeOf(name).equals(Optional.of(AttributeType.S))) {
        city = city.with(name, new BigDecimal(city.string(name)));
      }
    }
    if (!city.has("geohash")) {
      city = city.with("geohash", geohash(city.number("lat"), city.number("lng")));
    }
    if (city.has("admin1") && !city.string("admin1").isEmpty()) {
      city = city.rename("admin1", "region");
    }
    return Change.replace(city);
  }

  private static Change toTexts(Item item, TransformContext context) {
    var city = item.without("geohash").rename("region", "admin1");
    for (String name : COORDINATES) {
      if (city.typeOf(name).equals(Optional.of(AttributeType.N))) {
        city = city.with(name, city.number(name).toPlainString());
      }
    }
    return Change.replace(city);
  }

  private static String geohash(BigDecimal latitude, BigDecimal longitude) {
    return GeoHash.withCharacterPrecision(
            latitude.doubleValue(), longitude.doubleValue(), GEOHASH_CHARACTERS)
        .toBase32();
  }
}
