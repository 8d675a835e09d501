package dev.godwit.migration;

import java.util.Map;

/**
 * A filter expression in DynamoDB's own words.
 *
 * @param expression as in {@code attribute_not_exists(#done) AND #kind = :kind}
 * @param names what its {@code #names} stand for; perhaps none
 * @param values what its {@code :values} stand for; perhaps none
 */
public record ScanFilter(String expression, Map<String, String> names, Map<String, Value> values) {
  public ScanFilter {
    if (expression.isBlank()) {
      throw new IllegalArgumentException(
          "A filter needs an expression; leave the filter out to see every item");
    }
    names = Map.copyOf(names);
    values = Map.copyOf(values);
  }
}
