package dev.godwit.migration;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The value of an attribute: one of DynamoDB's ten types. Immutable.
 *
 * <p>Two values are equal when DynamoDB holds them equal: numbers by value (1.0 is 1), sets and
 * maps whatever their order, binary by its bytes.
 */
public sealed interface Value {
  /** The type of this value. */
  AttributeType type();

  /**
   * This value's text.
   *
   * @throws WrongTypeException when it is not a string
   */
  default String asString() {
    throw new WrongTypeException(AttributeType.S, type());
  }

  /**
   * This value's number, exactly as stored.
   *
   * @throws WrongTypeException when it is not a number
   */
  default BigDecimal asNumber() {
    throw new WrongTypeException(AttributeType.N, type());
  }

  /**
   * A copy of this value's bytes.
   *
   * @throws WrongTypeException when it is not binary
   */
  default byte[] asBinary() {
    throw new WrongTypeException(AttributeType.B, type());
  }

  /**
   * Whether this value is true.
   *
   * @throws WrongTypeException when it is not a boolean
   */
  default boolean asBoolean() {
    throw new WrongTypeException(AttributeType.BOOL, type());
  }

  /**
   * The strings of this set, in the order in which they were stored.
   *
   * @throws WrongTypeException when it is not a string set
   */
  default Set<String> asStringSet() {
    throw new WrongTypeException(AttributeType.SS, type());
  }

  /**
   * The numbers of this set, in the order in which they were stored.
   *
   * @throws WrongTypeException when it is not a number set
   */
  default List<BigDecimal> asNumberSet() {
    throw new WrongTypeException(AttributeType.NS, type());
  }

  /**
   * Copies of the byte strings of this set, in the order in which they were stored.
   *
   * @throws WrongTypeException when it is not a binary set
   */
  default List<byte[]> asBinarySet() {
    throw new WrongTypeException(AttributeType.BS, type());
  }

  /**
   * The values of this list.
   *
   * @throws WrongTypeException when it is not a list
   */
  default List<Value> asList() {
    throw new WrongTypeException(AttributeType.L, type());
  }

  /**
   * The entries of this map, name to value.
   *
   * @throws WrongTypeException when it is not a map
   */
  default Map<String, Value> asMap() {
    throw new WrongTypeException(AttributeType.M, type());
  }

  static Value string(String text) {
    return new StringValue(text);
  }

  static Value number(long number) {
    return new NumberValue(Long.toString(number));
  }

  static Value number(BigDecimal number) {
    return new NumberValue(number.toString());
  }

  static Value binary(byte[] bytes) {
    return new BinaryValue(bytes);
  }

  static Value bool(boolean truth) {
    return new BooleanValue(truth);
  }

  static Value nothing() {
    return new NullValue();
  }

  static Value stringSet(Collection<String> texts) {
    return new StringSetValue(List.copyOf(texts));
  }

  static Value numberSet(Collection<BigDecimal> numbers) {
    return new NumberSetValue(
        numbers.stream().map(number -> new NumberValue(number.toString())).toList());
  }

  static Value binarySet(Collection<byte[]> byteStrings) {
    return new BinarySetValue(byteStrings.stream().map(BinaryValue::new).toList());
  }

  static Value list(List<Value> values) {
    return new ListValue(values);
  }

  static Value map(Map<String, Value> entries) {
    return new MapValue(entries);
  }

  /**
   * A string.
   *
   * @param text whole characters
   */
  record StringValue(String text) implements Value {
    public StringValue {
      Texts.checked(text);
    }

    @Override
    public AttributeType type() {
      return AttributeType.S;
    }

    @Override
    public String asString() {
      return text;
    }
  }

  /**
   * A number, kept as the text in which it was stored or given.
   *
   * @param text at most {@value #MAX_DIGITS} significant digits, of a size from 1E-130 to
   *     9.99…E+125
   */
  record NumberValue(String text) implements Value {
    /**
     * DynamoDB's precision and range, from its developer guide, "Supported data types and naming
     * rules", section Number; read 2026-11-20.
     */
    static final int MAX_DIGITS = 38;

    static final int MAX_EXPONENT = 125;
    static final int MIN_EXPONENT = -130;

    public NumberValue {
      BigDecimal number;
      try {
        number = new BigDecimal(text).stripTrailingZeros();
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException("\"" + text + "\" is not a number", e);
      }
      int exponent = number.precision() - number.scale() - 1;
      if (number.precision() > MAX_DIGITS
          || (number.signum() != 0 && (exponent > MAX_EXPONENT || exponent < MIN_EXPONENT))) {
        throw new IllegalArgumentException(
            text
                + " does not fit DynamoDB's numbers: at most 38 digits, from 1E-130 to 9.99E+125; round it first");
      }
    }

    @Override
    public AttributeType type() {
      return AttributeType.N;
    }

    @Override
    public BigDecimal asNumber() {
      return new BigDecimal(text);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NumberValue number
          && (text.equals(number.text) || asNumber().compareTo(number.asNumber()) == 0);
    }

    @Override
    public int hashCode() {
      return asNumber().stripTrailingZeros().hashCode();
    }
  }

  /** Bytes. */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
  record BinaryValue(byte[] bytes) implements Value {
    public BinaryValue {
      bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    @Override
    public AttributeType type() {
      return AttributeType.B;
    }

    @Override
    public byte[] asBinary() {
      return bytes();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BinaryValue binary && Arrays.equals(bytes, binary.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "BinaryValue[" + bytes.length + " bytes]";
    }
  }

  /** True or false. */
  record BooleanValue(boolean truth) implements Value {
    @Override
    public AttributeType type() {
      return AttributeType.BOOL;
    }

    @Override
    public boolean asBoolean() {
      return truth;
    }
  }

  /** DynamoDB's null, which is a value like any other; an absent attribute has none. */
  record NullValue() implements Value {
    @Override
    public AttributeType type() {
      return AttributeType.NULL;
    }
  }

  /** A set of strings; DynamoDB refuses an empty one. */
  record StringSetValue(List<String> texts) implements Value {
    public StringSetValue {
      texts.forEach(Texts::checked);
      texts = Sets.checked(texts);
    }

    @Override
    public AttributeType type() {
      return AttributeType.SS;
    }

    @Override
    public Set<String> asStringSet() {
      return Sets.ordered(texts);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof StringSetValue set
          && new HashSet<>(texts).equals(new HashSet<>(set.texts));
    }

    @Override
    public int hashCode() {
      return new HashSet<>(texts).hashCode();
    }
  }

  /** A set of numbers; DynamoDB refuses an empty one. */
  record NumberSetValue(List<NumberValue> numbers) implements Value {
    public NumberSetValue {
      numbers = Sets.checked(numbers);
    }

    @Override
    public AttributeType type() {
      return AttributeType.NS;
    }

    @Override
    public List<BigDecimal> asNumberSet() {
      return numbers.stream().map(NumberValue::asNumber).toList();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof NumberSetValue set
          && new HashSet<>(numbers).equals(new HashSet<>(set.numbers));
    }

    @Override
    public int hashCode() {
      return new HashSet<>(numbers).hashCode();
    }
  }

  /** A set of byte strings; DynamoDB refuses an empty one. */
  record BinarySetValue(List<BinaryValue> byteStrings) implements Value {
    public BinarySetValue {
      byteStrings = Sets.checked(byteStrings);
    }

    @Override
    public AttributeType type() {
      return AttributeType.BS;
    }

    @Override
    public List<byte[]> asBinarySet() {
      return byteStrings.stream().map(BinaryValue::bytes).toList();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof BinarySetValue set
          && new HashSet<>(byteStrings).equals(new HashSet<>(set.byteStrings));
    }

    @Override
    public int hashCode() {
      return new HashSet<>(byteStrings).hashCode();
    }
  }

  /** A list of values of any type. */
  record ListValue(List<Value> values) implements Value {
    public ListValue {
      values = List.copyOf(values);
    }

    @Override
    public AttributeType type() {
      return AttributeType.L;
    }

    @Override
    public List<Value> asList() {
      return values;
    }
  }

  /** A map of names to values of any type. */
  record MapValue(Map<String, Value> entries) implements Value {
    public MapValue {
      entries.forEach(
          (name, value) -> {
            Texts.checked(name);
            Objects.requireNonNull(value, () -> "The map has no value for \"" + name + "\"");
          });
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }

    @Override
    public AttributeType type() {
      return AttributeType.M;
    }

    @Override
    public Map<String, Value> asMap() {
      return entries;
    }
  }
}
