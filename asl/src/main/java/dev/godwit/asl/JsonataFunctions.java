package dev.godwit.asl;

import com.dashjoin.jsonata.Jsonata;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The functions that Step Functions adds to JSONata: {@code $partition}, {@code $range}, {@code
 * $hash}, {@code $random}, {@code $uuid}, {@code $parse}; and those that take the place of the
 * library's ({@link JavaScriptFunctions}).
 *
 * <p>Source: Step Functions Developer Guide, "JSONata functions provided by Step Functions"; read
 * 2026-11-20.
 */
final class JsonataFunctions {
  private static final Set<String> ALGORITHMS =
      Set.of("MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512");

  private static final Set<String> NAMES =
      Set.of(
          "partition",
          "range",
          "hash",
          "parse",
          "random",
          "uuid",
          "count",
          "number",
          "string",
          "substring");

  /** As for {@code States.ArrayRange}: an array may have 1,000 elements. */
  private static final int RANGE_ELEMENTS = 1000;

  private JsonataFunctions() {}

  /** Which of the functions an expression may call. */
  static Set<String> namedIn(String expression) {
    return NAMES.stream()
        .filter(name -> expression.contains("$" + name))
        .collect(Collectors.toUnmodifiableSet());
  }

  static Jsonata.JFunction function(String name, RandomGenerator random) {
    return switch (name) {
      case "partition" -> {
        Jsonata.Fn2<Object, Object, Object> partition = JsonataFunctions::partition;
        yield Jsonata.function(name, partition, null);
      }
      case "range" -> {
        Jsonata.Fn3<Object, Object, Object, Object> range = JsonataFunctions::range;
        yield Jsonata.function(name, range, null);
      }
      case "hash" -> {
        Jsonata.Fn2<Object, Object, Object> hash = JsonataFunctions::hash;
        yield Jsonata.function(name, hash, null);
      }
      case "parse" -> {
        Jsonata.Fn1<Object, Object> parse = JsonataFunctions::parse;
        yield Jsonata.function(name, parse, null);
      }
      case "random" -> {
        Jsonata.FnVarArgs<Object> chance =
            arguments -> random(arguments.isEmpty() ? null : arguments.get(0), random);
        yield Jsonata.function(name, chance, null);
      }
      case "uuid" -> {
        Jsonata.Fn0<Object> uuid = () -> Uuids.next(random);
        yield Jsonata.function(name, uuid, null);
      }
      case "count" -> {
        Jsonata.Fn1<Object, Object> count = JavaScriptFunctions::count;
        yield Jsonata.function(name, count, null);
      }
      case "number" -> {
        Jsonata.FnVarArgs<Object> number = given -> JavaScriptFunctions.number(at(given, 0));
        yield Jsonata.function(name, number, "<(nsb)-:n>");
      }
      case "string" -> {
        Jsonata.FnVarArgs<Object> string =
            given -> JavaScriptFunctions.string(at(given, 0), at(given, 1));
        yield Jsonata.function(name, string, "<x-b?:s>");
      }
      case "substring" -> {
        Jsonata.FnVarArgs<Object> substring =
            given -> JavaScriptFunctions.substring(at(given, 0), at(given, 1), at(given, 2));
        yield Jsonata.function(name, substring, "<s-nn?:s>");
      }
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** As few as a function that is passed on is called with. */
  private static @Nullable Object at(List<?> arguments, int index) {
    return index < arguments.size() ? arguments.get(index) : null;
  }

  private static @Nullable Object partition(@Nullable Object array, @Nullable Object size) {
    if (array == null) {
      return null;
    }
    List<?> elements = array instanceof List<?> list ? list : List.of(array);
    long chunk = integer("$partition", "chunk size", size);
    if (chunk <= 0) {
      throw new IllegalArgumentException("$partition: the chunk size must be a positive integer");
    }
    List<Object> chunks = new ArrayList<>();
    for (int from = 0; from < elements.size(); from += (int) Math.min(chunk, elements.size())) {
      int to = (int) Math.min(elements.size(), from + chunk);
      chunks.add(new ArrayList<>(elements.subList(from, to)));
    }
    return chunks;
  }

  private static Object range(
      @Nullable Object first, @Nullable Object last, @Nullable Object increment) {
    long from = integer("$range", "first value", first);
    long to = integer("$range", "last value", last);
    long step = integer("$range", "increment", increment);
    if (step == 0) {
      throw new IllegalArgumentException("$range: the increment must not be 0");
    }
    List<Object> values = new ArrayList<>();
    for (long value = from; step > 0 ? value <= to : value >= to; value += step) {
      if (values.size() == RANGE_ELEMENTS) {
        throw new IllegalArgumentException("$range: more than " + RANGE_ELEMENTS + " elements");
      }
      values.add(value == (int) value ? (Object) (int) value : (Object) value);
    }
    return values;
  }

  private static @Nullable Object hash(@Nullable Object data, @Nullable Object algorithm) {
    if (data == null) {
      return null;
    }
    String name = algorithm instanceof String text ? text.toUpperCase(Locale.ROOT) : "";
    if (!ALGORITHMS.contains(name)) {
      throw new IllegalArgumentException("$hash: the algorithm must be one of " + ALGORITHMS);
    }
    String text = data instanceof String string ? string : JsonataValues.toJson(data).toString();
    try {
      byte[] digest = MessageDigest.getInstance(name).digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object parse(@Nullable Object text) {
    if (text == null) {
      return null;
    }
    if (!(text instanceof String json)) {
      throw new IllegalArgumentException("$parse: the argument must be a string");
    }
    try {
      Object value = JsonataValues.toJava(Json.parse(json));
      return value == null ? Jsonata.NULL_VALUE : value;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("$parse: not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static Object random(@Nullable Object seed, RandomGenerator random) {
    // The values for a seed are ours: AWS promises only that one seed gives one value.
    return seed == null
        ? random.nextDouble()
        : new Random(integer("$random", "seed", seed)).nextDouble();
  }

  private static long integer(String function, String argument, @Nullable Object value) {
    if (value instanceof Number number && number.doubleValue() == Math.rint(number.doubleValue())) {
      return number.longValue();
    }
    throw new IllegalArgumentException(function + ": the " + argument + " must be an integer");
  }
}
