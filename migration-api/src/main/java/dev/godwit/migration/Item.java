package dev.godwit.migration;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * An item: attribute names and their values. Immutable; {@code with}, {@code without} and {@code
 * rename} answer changed copies.
 *
 * <p><b>An item remembers what was read of it</b>, through any of its copies: every name asked for,
 * present or absent. That is what the write is guarded by, so read what the decision rests on and
 * nothing else. {@link #names()} and {@link #attributes()} read every attribute that is there; an
 * attribute that someone adds under a new name afterwards is outside any guard.
 *
 * <p>Values are decoded when they are first read; what is never read goes back as the very bytes
 * that came.
 *
 * <p>Thread-safety: the values are immutable, what was read is remembered without locks; use an
 * item from one thread.
 */
public final class Item {
  private final Attributes attributes;
  private final Names reads;

  private Item(Attributes attributes, Names reads) {
    this.attributes = attributes;
    this.reads = reads;
  }

  /** An item that is not stored yet, to be filled by {@code with}. */
  public static Item empty() {
    return stored(Attributes.NONE);
  }

  /** An item with these attributes, name to value. */
  public static Item of(Map<String, Value> values) {
    return stored(Attributes.of(values));
  }

  /** An item of {@code attributes}; nothing is read of it yet. */
  static Item stored(Attributes attributes) {
    return new Item(attributes, new Names());
  }

  /** Whether there is an attribute {@code name}, of any type, null included. */
  public boolean has(String name) {
    reads.add(name);
    return attributes.has(name);
  }

  /** The value of {@code name}, or empty when the item does not have it. */
  public Optional<Value> find(String name) {
    reads.add(name);
    return Optional.ofNullable(attributes.get(name)).map(Attribute::value);
  }

  /** The type of {@code name}, or empty when the item does not have it. */
  public Optional<AttributeType> typeOf(String name) {
    return find(name).map(Value::type);
  }

  /**
   * The value of {@code name}.
   *
   * @throws MissingAttributeException when the item does not have it
   */
  public Value value(String name) {
    return find(name).orElseThrow(() -> new MissingAttributeException(name));
  }

  /**
   * The text of the string attribute {@code name}.
   *
   * @throws MissingAttributeException when the item does not have it
   * @throws WrongTypeException when it is not a string
   */
  public String string(String name) {
    return typed(name, Value::asString);
  }

  /**
   * The number attribute {@code name}, exactly.
   *
   * @throws MissingAttributeException when the item does not have it
   * @throws WrongTypeException when it is not a number
   */
  public BigDecimal number(String name) {
    return typed(name, Value::asNumber);
  }

  /**
   * The boolean attribute {@code name}.
   *
   * @throws MissingAttributeException when the item does not have it
   * @throws WrongTypeException when it is not a boolean
   */
  public boolean bool(String name) {
    return typed(name, Value::asBoolean);
  }

  /**
   * A copy of the bytes of the binary attribute {@code name}.
   *
   * @throws MissingAttributeException when the item does not have it
   * @throws WrongTypeException when it is not binary
   */
  public byte[] binary(String name) {
    return typed(name, Value::asBinary);
  }

  /**
   * The members of the string set {@code name}.
   *
   * @throws MissingAttributeException when the item does not have it
   * @throws WrongTypeException when it is not a string set
   */
  public Set<String> stringSet(String name) {
    return typed(name, Value::asStringSet);
  }

  /**
   * The members of the number set {@code name}.
   *
   * @throws MissingAttributeException when the item does not have it
   * @throws WrongTypeException when it is not a number set
   */
  public List<BigDecimal> numberSet(String name) {
    return typed(name, Value::asNumberSet);
  }

  /**
   * The values of the list attribute {@code name}.
   *
   * @throws MissingAttributeException when the item does not have it
   * @throws WrongTypeException when it is not a list
   */
  public List<Value> list(String name) {
    return typed(name, Value::asList);
  }

  /**
   * The entries of the map attribute {@code name}, name to value.
   *
   * @throws MissingAttributeException when the item does not have it
   * @throws WrongTypeException when it is not a map
   */
  public Map<String, Value> map(String name) {
    return typed(name, Value::asMap);
  }

  /** The names of all attributes; this reads every one of them. */
  public Set<String> names() {
    reads.addAll(attributes.names());
    return Collections.unmodifiableSet(new LinkedHashSet<>(attributes.names()));
  }

  /** All attributes, name to value; this reads every one of them. */
  public Map<String, Value> attributes() {
    var values = new LinkedHashMap<String, Value>();
    names().forEach(name -> values.put(name, value(name)));
    return Collections.unmodifiableMap(values);
  }

  /** This item with {@code name} set to {@code value}, whatever it was before. */
  public Item with(String name, Value value) {
    checkName(name);
    Objects.requireNonNull(value, () -> "There is no value for \"" + name + "\"");
    return new Item(attributes.with(name, Attribute.of(value)), reads);
  }

  /** This item with {@code name} set to a string. */
  public Item with(String name, String text) {
    return with(name, Value.string(text));
  }

  /** This item with {@code name} set to a number. */
  public Item with(String name, long number) {
    return with(name, Value.number(number));
  }

  /** This item with {@code name} set to a number. */
  public Item with(String name, BigDecimal number) {
    return with(name, Value.number(number));
  }

  /** This item with {@code name} set to a boolean. */
  public Item with(String name, boolean truth) {
    return with(name, Value.bool(truth));
  }

  /** This item with {@code name} set to bytes. */
  public Item with(String name, byte[] bytes) {
    return with(name, Value.binary(bytes));
  }

  /** This item without the attribute {@code name}; the item itself when it has none. */
  public Item without(String name) {
    if (!attributes.has(name)) {
      reads.add(name);
      return this;
    }
    return new Item(attributes.without(name), reads);
  }

  /**
   * This item with the value of {@code from} under the name {@code to}; the item itself when it has
   * no {@code from}.
   *
   * @throws IllegalStateException when the item has an attribute {@code to} already, which would be
   *     lost
   */
  public Item rename(String from, String to) {
    checkName(to);
    reads.add(from);
    var moved = attributes.get(from);
    if (moved == null || from.equals(to)) {
      return this;
    }
    if (has(to)) {
      throw new IllegalStateException(
          "Renaming \""
              + from
              + "\" would overwrite \""
              + to
              + "\"; remove that one first if it may go");
    }
    return new Item(attributes.without(from).with(to, moved), reads);
  }

  /** Every name asked for so far, of this item or of one that came from it or that it came from. */
  public Set<String> reads() {
    return Collections.unmodifiableSet(reads);
  }

  /**
   * What would have to be set and removed to make this item of {@code before}. Counts as reading
   * nothing. Attributes with equal values are not in it, even when they were written anew.
   */
  public Difference differenceFrom(Item before) {
    return new Difference(
        attributes.notAsIn(before.attributes), before.attributes.notIn(attributes));
  }

  /**
   * The names by which two items differ.
   *
   * @param set names whose values are new or other than before
   * @param removed names that are no longer there
   */
  public record Difference(List<String> set, List<String> removed) {
    public Difference {
      set = List.copyOf(set);
      removed = List.copyOf(removed);
    }

    public boolean isEmpty() {
      return set.isEmpty() && removed.isEmpty();
    }
  }

  /**
   * The size that DynamoDB counts for this item, in bytes, names included; of a value that cannot
   * be read, its length as it came. Counts as reading nothing.
   */
  public long sizeBytes() {
    long bytes = 0;
    for (int i = 0; i < attributes.size(); i++) {
      bytes += ItemSize.of(attributes.name(i)) + attributes.value(i).sizeBytes();
    }
    return bytes;
  }

  /**
   * Whether every stored value is DynamoDB JSON. Decodes all of them; counts as reading nothing.
   */
  public boolean isReadable() {
    try {
      attributes.decode();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Whether there is an attribute {@code name}; unlike {@link #has} this counts as reading nothing.
   */
  public boolean stores(String name) {
    return attributes.has(name);
  }

  /** Only the attributes {@code names}, those of them that there are. Counts as reading nothing. */
  public Item only(Collection<String> names) {
    return stored(attributes.only(names));
  }

  /** The stored form, for the codec; counts as reading nothing. */
  Attributes stored() {
    return attributes;
  }

  private static void checkName(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("DynamoDB has no attributes with an empty name");
    }
    Texts.checked(name);
  }

  private <T> T typed(String name, Function<Value, T> read) {
    var value = value(name);
    try {
      return read.apply(value);
    } catch (WrongTypeException e) {
      throw new WrongTypeException(name, e);
    }
  }

  /** Whether {@code other} is an item with equal attributes; counts as reading nothing. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Item item && differenceFrom(item).isEmpty();
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (int i = 0; i < attributes.size(); i++) {
      hash += attributes.name(i).hashCode() ^ attributes.value(i).hash();
    }
    return hash;
  }

  /** The names only: the contents of items do not belong in logs. */
  @Override
  public String toString() {
    return "Item" + attributes.names();
  }
}
