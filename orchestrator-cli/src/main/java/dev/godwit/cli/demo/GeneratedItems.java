package dev.godwit.cli.demo;

import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Sightings of birds, made up: every DynamoDB type, many scripts, and partition keys as uneven as
 * life, for the most eager observer sees a good part of all birds. Always the same items.
 */
final class GeneratedItems implements ItemSource {
  private static final int OBSERVERS = 5_000;
  private static final List<String> SPECIES =
      List.of("bar-tailed godwit", "kuaka", "オオソリハシシギ", "малый веретенник", "큰뒷부리도요", "斑尾塍鹬");
  private static final List<String> NOTES =
      List.of("", "naïve – «façade»", "🐦‍⬛ at dawn", "two\nlines\t\"quoted\"", "𝄞 sang", "مرحبا");
  private static final List<String> WEIGHTS =
      List.of(
          "0", "-12.50", "287.4", "1E-130", "12345678901234567890123456789012345678", "6.02E+23");

  private final long count;

  GeneratedItems(long count) {
    this.count = count;
  }

  @Override
  public String[] keys() {
    return new String[] {"observer", "id"};
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public Stream<Numbered> items() {
    return LongStream.range(0, count).mapToObj(number -> new Numbered(number + 1, item(number)));
  }

  @Override
  public String name(long number) {
    return "item " + number + " of those made up";
  }

  private static Item item(long number) {
    var random = new Random(number * 0x9E3779B97F4A7C15L);
    var item =
        Item.empty()
            .with("observer", String.format(Locale.ROOT, "observer-%04d", observer(random)))
            .with("id", String.format(Locale.ROOT, "%09d", number))
            .with("species", any(SPECIES, random))
            .with("note", any(NOTES, random))
            .with("count", 1 + random.nextInt(500))
            .with("weight", new BigDecimal(any(WEIGHTS, random)))
            .with("ringed", random.nextBoolean())
            .with("lat", coordinate(random, 90))
            .with("lng", coordinate(random, 180))
            .with("admin1", random.nextInt(4) == 0 ? "" : Integer.toString(random.nextInt(99)));
    return withTheRest(item, random);
  }

  private static Item withTheRest(Item item, Random random) {
    var bytes = new byte[random.nextInt(24)];
    random.nextBytes(bytes);
    var full =
        item.with("print", bytes)
            .with("partner", random.nextBoolean() ? Value.nothing() : Value.string("unknown"))
            .with("tags", Value.stringSet(List.of("wader", any(SPECIES, random))))
            .with("wings", Value.numberSet(List.of(new BigDecimal("35.5"), new BigDecimal("-0.1"))))
            .with("rings", Value.binarySet(List.of(new byte[] {1}, new byte[] {2, 3})))
            .with(
                "track",
                Value.list(
                    List.of(
                        Value.number(random.nextLong()), Value.string(""), Value.list(List.of()))))
            .with(
                "weather",
                Value.map(
                    Map.of("wind", Value.map(Map.of("bft", Value.number(random.nextInt(12)))))));
    return random.nextInt(10) == 0 ? full.without("weather").without("note") : full;
  }

  /** A fourth power: one observer in a hundred has about a third of all sightings. */
  private static int observer(Random random) {
    return (int) (OBSERVERS * Math.pow(random.nextDouble(), 4));
  }

  private static String coordinate(Random random, int most) {
    return BigDecimal.valueOf(random.nextInt(2 * most * 100_000) - most * 100_000L, 5)
        .toPlainString();
  }

  private static String any(List<String> texts, Random random) {
    return texts.get(random.nextInt(texts.size()));
  }
}
