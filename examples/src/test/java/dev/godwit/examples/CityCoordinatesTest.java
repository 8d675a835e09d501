package dev.godwit.examples;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.MissingAttributeException;
import dev.godwit.testkit.TransformTester;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

class CityCoordinatesTest {
  private static final TransformTester UP = TransformTester.up(new CityCoordinates());
  private static final TransformTester DOWN = TransformTester.down(new CityCoordinates());

  private static final Item OLD =
      DynamoDbJson.parse(
          """
          {"country":{"S":"AD"},"id":{"S":"000002"},"name":{"S":"Sant Julià de Lòria"},\
          "lat":{"S":"42.46372"},"lng":{"S":"1.49129"},"admin1":{"S":"06"},"admin2":{"S":""}}""");
  private static final Item NEW =
      DynamoDbJson.parse(
          """
          {"country":{"S":"AD"},"id":{"S":"000002"},"name":{"S":"Sant Julià de Lòria"},\
          "lat":{"N":"42.46372"},"lng":{"N":"1.49129"},"geohash":{"S":"sp919fmcj"},\
          "region":{"S":"06"},"admin2":{"S":""}}""");

  @Test
  void up_aCity_getsNumbersGeohashAndRegion() {
    UP.apply(OLD)
        .assertBecomes(NEW)
        .assertGuardedBy("lat", "lng", "geohash", "admin1", "region")
        .assertIdempotent();
  }

  @Test
  void up_aCityInTheNewForm_isKept() {
    UP.apply(NEW).assertKept();
  }

  @Test
  void up_anEmptyAdmin1_isNotRenamed() {
    UP.apply(OLD.with("admin1", ""))
        .assertBecomes(NEW.without("region").with("admin1", ""))
        .assertIdempotent();
  }

  @Test
  void up_aCityWithoutAdmin1_isConverted() {
    UP.apply(OLD.without("admin1")).assertBecomes(NEW.without("region")).assertIdempotent();
  }

  @Test
  void up_aTextThatADoubleCannotHold_keepsEveryDigit() {
    var text = "-0.1234567890123456789012345678901234567";
    UP.apply(OLD.with("lat", text).with("geohash", "x"))
        .assertBecomes(NEW.with("lat", new BigDecimal(text)).with("geohash", "x"));
  }

  @Test
  void up_aHalfNewCity_isCompleted() {
    UP.apply(NEW.with("lng", "1.49129").without("geohash")).assertBecomes(NEW);
  }

  @Test
  void up_coordinatesThatAreNone_failTheItem() {
    UP.apply(OLD.with("lat", "north")).assertFails(NumberFormatException.class);
    UP.apply(OLD.without("lng")).assertFails(MissingAttributeException.class);
    UP.apply(OLD.with("lat", "91")).assertFails(IllegalArgumentException.class);
  }

  @Test
  void up_aRegionThatIsAlreadyThere_failsTheItemRatherThanLosingOne() {
    UP.apply(OLD.with("region", "07")).assertFails(IllegalStateException.class);
  }

  @Test
  void down_undoesUp() {
    DOWN.apply(NEW).assertBecomes(OLD).assertIdempotent();
    DOWN.apply(OLD).assertKept();
  }
}
