package dev.godwit.cli.newtable;

import java.util.List;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * A table's key as it is written on the command line: {@code geohash:S,id:N}.
 *
 * @param parts the partition key, then perhaps the sort key
 */
record KeyOption(List<Part> parts) {
  private static final Pattern PART = Pattern.compile("(.+):([SNB])");

  /** An attribute and the type of its values. */
  record Part(String attribute, ScalarAttributeType type) {}

  /**
   * Reads a key.
   *
   * @throws IllegalArgumentException when it is none
   */
  static KeyOption of(String text) {
    var parts = List.of(text.split(",", -1)).stream().map(part -> part(part, text)).toList();
    if (parts.size() > 2
        || (parts.size() == 2 && parts.get(0).attribute.equals(parts.get(1).attribute))) {
      throw refused(text);
    }
    return new KeyOption(parts);
  }

  private static Part part(String part, String text) {
    var matcher = PART.matcher(part);
    if (!matcher.matches()) {
      throw refused(text);
    }
    return new Part(matcher.group(1), ScalarAttributeType.fromValue(matcher.group(2)));
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException(
        "--key must be a partition key and perhaps a sort key with their types S, N or B, as in"
            + " geohash:S,id:N, not \""
            + text
            + "\"");
  }

  /** The attributes' names. */
  List<String> names() {
    return parts.stream().map(Part::attribute).toList();
  }
}
