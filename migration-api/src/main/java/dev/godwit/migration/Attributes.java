package dev.godwit.migration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of one item, in order, each name once. Immutable.
 *
 * <p>A page has many items and a transform copies most of them, so this is two arrays: no entry
 * objects, and a copy without hashing. Names are compared one by one; an item of many attributes
 * gets an index when it is first searched.
 */
final class Attributes {
  static final Attributes NONE = new Attributes(new String[0], new Attribute[0]);

  /** Up to so many names are compared one by one. */
  private static final int FEW = 16;

  private final String[] names;
  private final Attribute[] values;
  private @Nullable Map<String, Integer> index;

  /** As DynamoDB JSON, in bytes; 0 until somebody asks. */
  private long length;

  private Attributes(String[] names, Attribute[] values) {
    this.names = names;
    this.values = values;
  }

  static Attributes of(Map<String, Value> values) {
    var builder = new Builder();
    values.forEach((name, value) -> builder.add(name, Attribute.of(value)));
    return builder.build();
  }

  /** Collects attributes; see {@link Attributes#repeated}. */
  static final class Builder {
    private String[] names = new String[8];
    private Attribute[] values = new Attribute[8];
    private int size;

    void add(String name, Attribute value) {
      if (size == names.length) {
        names = Arrays.copyOf(names, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
      }
      names[size] = name;
      values[size++] = value;
    }

    Attributes build() {
      return new Attributes(Arrays.copyOf(names, size), Arrays.copyOf(values, size));
    }
  }

  /**
   * The length of all as DynamoDB JSON, in bytes, names with nothing escaped. Racing threads add up
   * the same twice.
   */
  long length() {
    long known = length;
    if (known == 0) {
      known = 2;
      for (int i = 0; i < names.length; i++) {
        known += ItemSize.of(names[i]) + 4L + values[i].length();
      }
      length = known;
    }
    return known;
  }

  int size() {
    return names.length;
  }

  /** A name that is there twice; null for none, as it has to be. */
  @Nullable String repeated() {
    if (names.length > FEW) {
      return index().size() == names.length ? null : repeatedOfMany();
    }
    long hashes = 0;
    for (int i = 0; i < names.length; i++) {
      long hash = 1L << names[i].hashCode();
      if ((hashes & hash) != 0 && indexOf(names[i]) < i) {
        return names[i];
      }
      hashes |= hash;
    }
    return null;
  }

  private String repeatedOfMany() {
    var seen = new HashSet<String>();
    return Arrays.stream(names).filter(name -> !seen.add(name)).findFirst().orElseThrow();
  }

  String name(int i) {
    return names[i];
  }

  Attribute value(int i) {
    return values[i];
  }

  /**
   * Decodes every value.
   *
   * @throws IllegalArgumentException when one is not DynamoDB JSON
   */
  void decode() {
    for (Attribute value : values) {
      value.value();
    }
  }

  List<String> names() {
    return List.of(names);
  }

  boolean has(String name) {
    return indexOf(name) >= 0;
  }

  @Nullable Attribute get(String name) {
    int i = indexOf(name);
    return i < 0 ? null : values[i];
  }

  private int indexOf(String name) {
    if (names.length > FEW) {
      return index().getOrDefault(name, -1);
    }
    for (int i = 0; i < names.length; i++) {
      if (names[i].equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private Map<String, Integer> index() {
    var known = index;
    if (known == null) {
      known = new HashMap<>(names.length * 2);
      for (int i = 0; i < names.length; i++) {
        known.put(names[i], i);
      }
      index = known; // racing threads make it twice, and alike
    }
    return known;
  }

  /** These with {@code name} set, where it stands already or else as the last. */
  Attributes with(String name, Attribute value) {
    int at = indexOf(name);
    int size = at < 0 ? names.length + 1 : names.length;
    var newValues = Arrays.copyOf(values, size);
    newValues[at < 0 ? size - 1 : at] = value;
    if (at >= 0) {
      return new Attributes(names, newValues);
    }
    var newNames = Arrays.copyOf(names, size);
    newNames[size - 1] = name;
    return new Attributes(newNames, newValues);
  }

  /** These without {@code name}, which is among them. */
  Attributes without(String name) {
    int at = Objects.checkIndex(indexOf(name), names.length);
    var newNames = Arrays.copyOf(names, names.length - 1);
    var newValues = Arrays.copyOf(values, names.length - 1);
    System.arraycopy(names, at + 1, newNames, at, newNames.length - at);
    System.arraycopy(values, at + 1, newValues, at, newValues.length - at);
    return new Attributes(newNames, newValues);
  }

  /** Those of {@code wanted} that there are, in the order of {@code wanted}. */
  Attributes only(Collection<String> wanted) {
    var kept = new Builder();
    var seen = new Names();
    for (String name : wanted) {
      var value = get(name);
      if (value != null && seen.add(name)) {
        kept.add(name, value);
      }
    }
    return kept.build();
  }

  /** The names whose values are not equal to those in {@code before}, or not there at all. */
  List<String> notAsIn(Attributes before) {
    var changed = new ArrayList<String>(2);
    for (int i = 0; i < names.length; i++) {
      // Copies of an item mostly keep the places of its attributes.
      var earlier =
          i < before.names.length && before.names[i].equals(names[i])
              ? before.values[i]
              : before.get(names[i]);
      if (earlier != values[i] && (earlier == null || !earlier.isEqualTo(values[i]))) {
        changed.add(names[i]);
      }
    }
    return changed;
  }

  /** The names that {@code other} does not have. */
  List<String> notIn(Attributes other) {
    if (names == other.names) {
      return List.of();
    }
    var missing = new ArrayList<String>(2);
    for (int i = 0; i < names.length; i++) {
      boolean samePlace = i < other.names.length && other.names[i].equals(names[i]);
      if (!samePlace && !other.has(names[i])) {
        missing.add(names[i]);
      }
    }
    return missing;
  }
}
