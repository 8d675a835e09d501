package dev.godwit.testkit;

import dev.godwit.migration.Value;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Where an item stands: by the hash of its partition key, so that a partition stays together and
 * falls into one segment.
 *
 * @param hash of the partition key alone; not negative
 * @param key both keys as text, equal for equal keys
 */
record Place(int hash, String key) implements Comparable<Place> {
  private static final Comparator<Place> ORDER =
      Comparator.comparingInt(Place::hash).thenComparing(Place::key);

  static Place of(List<Value> keys) {
    return new Place(
        scattered(text(keys.get(0)).hashCode()),
        keys.stream().map(Place::text).collect(Collectors.joining(", ")));
  }

  int segment(int totalSegments) {
    return (int) ((long) hash * totalSegments / (1L + Integer.MAX_VALUE));
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }

  private static String text(Value key) {
    return switch (key.type()) {
      case S -> "\"" + key.asString() + "\"";
      case N -> key.asNumber().stripTrailingZeros().toString();
      case B -> Base64.getEncoder().encodeToString(key.asBinary());
      default ->
          throw new IllegalArgumentException(
              "A key is a string, a number or binary, not of type " + key.type());
    };
  }

  /** The finishing steps of MurmurHash3, without the sign. */
  private static int scattered(int hash) {
    int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
    return (mixed ^ (mixed >>> 16)) & Integer.MAX_VALUE;
  }
}
