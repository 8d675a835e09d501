package dev.godwit.asl;

import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes version 4 UUIDs from the engine's own source of chance, so that tests can repeat them. */
final class Uuids {
  private Uuids() {}

  static String next(RandomGenerator random) {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & ~(3L << 62)) | (2L << 62);
    return new UUID(high, low).toString();
  }
}
