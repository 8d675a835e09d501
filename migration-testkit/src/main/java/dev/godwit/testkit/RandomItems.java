package dev.godwit.testkit;

import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Makes items of every DynamoDB type, awkward values included: numbers of 38 digits, texts of any
 * planes of Unicode and control characters, empty strings, lists and maps. The same seed makes the
 * same items.
 *
 * <p>Thread-safety: one thread.
 */
public final class RandomItems {
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "-0",
          "1",
          "1.0",
          "-1.50",
          "1E-130",
          "-1E-130",
          "9.9999999999999999999999999999999999999E+125");
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "\u0000\u0001\n\t\"\\/\u007f",
          "Lòria",
          "東京",
          "𐐷👩‍👩‍👧",
          "\u2028\ufeff\uffff",
          "{\"S\":\"x\"}");
  private static final int DEEPEST = 3;

  private final Random random;

  public RandomItems(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Items that differ in the string attribute {@code key}.
   *
   * @param count how many
   */
  public List<Item> items(int count, String key) {
    var items = new ArrayList<Item>(count);
    for (int i = 0; i < count; i++) {
      items.add(item().with(key, text() + i));
    }
    return items;
  }

  /** An item of up to ten attributes, named {@code a0} to {@code a9}, some of them absent. */
  public Item item() {
    var item = Item.empty();
    for (int i = 0; i < 10; i++) {
      if (random.nextBoolean()) {
        item = item.with("a" + i, value());
      }
    }
    return item;
  }

  /** A value of any type. */
  public Value value() {
    return value(0);
  }

  private Value value(int depth) {
    return switch (random.nextInt(depth < DEEPEST ? 10 : 8)) {
      case 0 -> Value.string(text());
      case 1 -> new Value.NumberValue(number());
      case 2 -> Value.binary(bytes());
      case 3 -> Value.bool(random.nextBoolean());
      case 4 -> Value.nothing();
      case 5 -> Value.stringSet(some(this::text));
      case 6 -> new Value.NumberSetValue(some(() -> new Value.NumberValue(number())));
      case 7 -> new Value.BinarySetValue(some(() -> new Value.BinaryValue(bytes())));
      case 8 -> list(depth + 1);
      default -> map(depth + 1);
    };
  }

  private Value list(int depth) {
    var values = new ArrayList<Value>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.add(value(depth));
    }
    return Value.list(values);
  }

  private Value map(int depth) {
    var entries = new LinkedHashMap<String, Value>();
    for (int i = random.nextInt(4); i > 0; i--) {
      entries.put("m" + text(), value(depth));
    }
    return Value.map(entries);
  }

  /** One to four members, none of them twice. */
  private <T> List<T> some(Supplier<T> member) {
    var members = new LinkedHashSet<T>();
    for (int i = random.nextInt(4); i >= 0; i--) {
      members.add(member.get());
    }
    return List.copyOf(members);
  }

  private String text() {
    if (random.nextInt(3) == 0) {
      return TEXTS.get(random.nextInt(TEXTS.size()));
    }
    var text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      text.appendCodePoint(codePoint());
    }
    return text.toString();
  }

  private int codePoint() {
    return switch (random.nextInt(4)) {
      case 0 -> random.nextInt(0x20);
      case 1 -> 0x20 + random.nextInt(0x60);
      case 2 -> 0x80 + random.nextInt(0xd800 - 0x80);
      default -> 0x10000 + random.nextInt(0x100000);
    };
  }

  private String number() {
    return switch (random.nextInt(3)) {
      case 0 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      case 1 -> Integer.toString(random.nextInt());
      default ->
          new BigDecimal(new BigInteger(126, random), random.nextInt(160) - 80)
              .multiply(BigDecimal.valueOf(random.nextBoolean() ? 1 : -1))
              .toString();
    };
  }

  private byte[] bytes() {
    var bytes = new byte[random.nextInt(20)];
    random.nextBytes(bytes);
    return bytes;
  }
}
