package dev.godwit.asl;

import com.dashjoin.jsonata.Jsonata;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Functions of JSONata that the Java library answers otherwise than JSONata's own implementation in
 * JavaScript, which Step Functions has (version 2.0.6): {@code $substring} beyond U+FFFF, {@code
 * $string} and {@code $number} of unusual numbers, {@code $count} of null.
 *
 * <p>Their arguments have been held to their signatures.
 */
final class JavaScriptFunctions {
  private static final Pattern NUMBER =
      Pattern.compile("-?[0-9]+(?:\\.[0-9]+)?(?:[Ee][-+]?[0-9]+)?");
  private static final Pattern WITH_RADIX =
      Pattern.compile("0(?:[xX][0-9A-Fa-f]+|[oO][0-7]+|[bB][01]+)");

  /** Names of members that JavaScript puts first, in their order: indexes of an array. */
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,9}");

  private static final BigDecimal LAST_INDEX = BigDecimal.valueOf((1L << 32) - 2);
  private static final MathContext PRECISION = new MathContext(15, RoundingMode.HALF_UP);

  private JavaScriptFunctions() {}

  static int count(@Nullable Object value) {
    return value == null ? 0 : value instanceof List<?> list ? list.size() : 1;
  }

  /** The characters, counted as code points, from {@code start} on, at most {@code length}. */
  static @Nullable Object substring(
      @Nullable Object text, @Nullable Object start, @Nullable Object length) {
    if (text == null) {
      return null;
    }
    int[] points = ((String) text).codePoints().toArray();
    double from = start == null ? Double.NaN : ((Number) start).doubleValue();
    if (points.length + from < 0) {
      from = 0;
    }
    double to = points.length;
    if (length != null) {
      double most = ((Number) length).doubleValue();
      if (most <= 0) {
        return "";
      }
      to = from >= 0 ? from + most : points.length + from + most;
    }
    int first = index(from, points.length);
    int last = index(to, points.length);
    return first < last ? new String(points, first, last - first) : "";
  }

  /** As JavaScript's {@code slice}: no number is 0, below 0 counts from the end. */
  private static int index(double at, int length) {
    double whole = Double.isNaN(at) ? 0 : at < 0 ? Math.ceil(at) : Math.floor(at);
    return (int) Math.max(0, Math.min(length, whole < 0 ? length + whole : whole));
  }

  static @Nullable Object number(@Nullable Object value) {
    if (value == null || value instanceof Number) {
      return value;
    }
    if (value instanceof Boolean flag) {
      return flag ? 1 : 0;
    }
    String text = (String) value;
    if (WITH_RADIX.matcher(text).matches()) {
      int radix =
          switch (Character.toLowerCase(text.charAt(1))) {
            case 'x' -> 16;
            case 'o' -> 8;
            default -> 2;
          };
      return narrowed(new BigInteger(text.substring(2), radix).doubleValue());
    }
    double number = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      throw new IllegalArgumentException("$number: not a number: \"" + text + "\"");
    }
    return narrowed(number);
  }

  /** Whole numbers as the library has them. */
  private static Number narrowed(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      long whole = (long) number;
      return whole == (int) whole ? (Number) (int) whole : (Number) whole;
    }
    return number;
  }

  static @Nullable Object string(@Nullable Object value, @Nullable Object pretty) {
    if (value == null || value instanceof String) {
      return value;
    }
    if (isFunction(value)) {
      return "";
    }
    var json = new StringBuilder();
    write(json, value, Boolean.TRUE.equals(pretty) ? "\n" : "");
    return json.toString();
  }

  private static boolean isFunction(Object value) {
    return !(value == Jsonata.NULL_VALUE
        || value instanceof Map<?, ?>
        || value instanceof List<?>
        || value instanceof String
        || value instanceof Number
        || value instanceof Boolean);
  }

  /**
   * @param line what begins a line at this depth; empty for JSON in one line
   */
  private static void write(StringBuilder json, @Nullable Object value, String line) {
    if (value == null || value == Jsonata.NULL_VALUE) {
      json.append("null");
    } else if (value instanceof Map<?, ?> map) {
      List<Map.Entry<?, ?>> members = new ArrayList<>(map.entrySet());
      members.sort(Comparator.comparing(member -> order((String) member.getKey())));
      writeAll(
          json,
          "{}",
          members,
          line,
          (member, inner) -> {
            quote(json, (String) member.getKey());
            json.append(line.isEmpty() ? ":" : ": ");
            write(json, member.getValue(), inner);
          });
    } else if (value instanceof List<?> list) {
      writeAll(json, "[]", list, line, (element, inner) -> write(json, element, inner));
    } else if (value instanceof Number number) {
      json.append(decimal(number));
    } else if (value instanceof Boolean) {
      json.append(value);
    } else {
      quote(json, isFunction(value) ? "" : (String) value);
    }
  }

  @FunctionalInterface
  private interface Writer<T> {
    void write(T part, String line);
  }

  private static <T> void writeAll(
      StringBuilder json, String brackets, List<? extends T> parts, String line, Writer<T> writer) {
    json.append(brackets.charAt(0));
    String inner = line.isEmpty() ? "" : line + "  ";
    String separator = "";
    for (T part : parts) {
      json.append(separator).append(inner);
      writer.write(part, inner);
      separator = ",";
    }
    json.append(parts.isEmpty() ? "" : line).append(brackets.charAt(1));
  }

  /** Indexes first, by their size; then all else, as it was. */
  private static BigDecimal order(String name) {
    BigDecimal last = LAST_INDEX.add(BigDecimal.ONE);
    return INDEX.matcher(name).matches() ? new BigDecimal(name).min(last) : last;
  }

  /** As JavaScript writes a number that it has cut to 15 digits. */
  private static String decimal(Number number) {
    double value = number.doubleValue();
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("$string: " + value + " is no number of JSON");
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal cut = new BigDecimal(value).round(PRECISION).stripTrailingZeros();
    int exponent = cut.precision() - cut.scale() - 1;
    if (exponent >= 21 || exponent < -6) {
      String digits = cut.unscaledValue().abs().toString();
      return (value < 0 ? "-" : "")
          + digits.charAt(0)
          + (digits.length() > 1 ? "." + digits.substring(1) : "")
          + String.format(Locale.ROOT, "e%+d", exponent);
    }
    return cut.toPlainString();
  }

  private static void quote(StringBuilder json, String text) {
    json.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        case '\n' -> json.append("\\n");
        case '\r' -> json.append("\\r");
        case '\t' -> json.append("\\t");
        default -> {
          if (Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1))) {
            json.append(c).append(text.charAt(++i));
          } else if (c < ' ' || Character.isSurrogate(c)) {
            json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
          } else {
            json.append(c);
          }
        }
      }
    }
    json.append('"');
  }
}
