package dev.godwit.migration;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What DynamoDB asks of its sets, checked where a set is made and not where a whole batch is
 * refused for it.
 */
final class Sets {
  private Sets() {}

  static <T> List<T> checked(List<T> members) {
    if (members.isEmpty()) {
      throw new IllegalArgumentException(
          "DynamoDB has no empty sets; remove the attribute instead");
    }
    if (new HashSet<>(members).size() != members.size()) {
      throw new IllegalArgumentException(
          "A set holds each member once, and one of these comes twice");
    }
    return List.copyOf(members);
  }

  static <T> Set<T> ordered(List<T> members) {
    return Collections.unmodifiableSet(new LinkedHashSet<>(members));
  }
}
