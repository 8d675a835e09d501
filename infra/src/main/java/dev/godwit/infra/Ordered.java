package dev.godwit.infra;

import java.util.Map;
import java.util.TreeMap;

/**
 * Maps whose order is that of their keys. {@link Map#of} has another in each virtual machine, and
 * templates would change with it.
 */
final class Ordered {
  private Ordered() {}

  static <V> Map<String, V> map(String a, V first, String b, V second) {
    return new TreeMap<>(Map.of(a, first, b, second));
  }

  static <V> Map<String, V> map(String a, V first, String b, V second, String c, V third) {
    return new TreeMap<>(Map.of(a, first, b, second, c, third));
  }

  static <V> Map<String, V> map(
      String a, V first, String b, V second, String c, V third, String d, V fourth) {
    return new TreeMap<>(Map.of(a, first, b, second, c, third, d, fourth));
  }

  static <V> Map<String, V> map(Map<String, V> entries) {
    return new TreeMap<>(entries);
  }
}
