package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Conditions and updates in DynamoDB's expression language, over items as DynamoDB JSON: {@code
 * AND}, {@code OR}, {@code NOT}, comparisons, {@code attribute_exists}, {@code
 * attribute_not_exists}, {@code begins_with}, {@code contains}; {@code SET} with {@code
 * if_not_exists}, {@code +} and {@code -}, {@code REMOVE}, {@code ADD} of numbers and of sets of
 * numbers. Attributes of the item itself only. What else is asked for is an error of the test.
 */
final class SimulatedExpressions {
  private static final Pattern TOKEN =
      Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*|[#:][A-Za-z0-9_]+|<>|<=|>=|[=<>(),+-])");

  private final JsonNode request;
  private final List<String> tokens = new ArrayList<>();
  private int next;

  /**
   * @param request where the expression's names and values are
   */
  SimulatedExpressions(String expression, JsonNode request) {
    this.request = request;
    Matcher matcher = TOKEN.matcher(expression);
    int end = 0;
    while (matcher.find() && matcher.start() == end) {
      tokens.add(matcher.group(1));
      end = matcher.end();
    }
    if (!expression.substring(end).isBlank()) {
      throw new AssertionError("an expression that is not simulated: " + expression);
    }
  }

  boolean holds(Optional<ObjectNode> item) {
    boolean holds = or(item);
    if (next != tokens.size()) {
      throw new AssertionError("a condition that is not simulated: " + tokens);
    }
    return holds;
  }

  private boolean or(Optional<ObjectNode> item) {
    boolean holds = and(item);
    while (taken("OR")) {
      holds |= and(item);
    }
    return holds;
  }

  private boolean and(Optional<ObjectNode> item) {
    boolean holds = not(item);
    while (taken("AND")) {
      holds &= not(item);
    }
    return holds;
  }

  private boolean not(Optional<ObjectNode> item) {
    return taken("NOT") != primary(item);
  }

  private boolean primary(Optional<ObjectNode> item) {
    if (taken("(")) {
      boolean holds = or(item);
      expect(")");
      return holds;
    }
    String first = tokens.get(next++);
    if (taken("(")) {
      return function(first, item);
    }
    String operator = tokens.get(next++);
    return compare(operand(first, item), operator, operand(tokens.get(next++), item));
  }

  private boolean function(String name, Optional<ObjectNode> item) {
    Optional<JsonNode> one = operand(tokens.get(next++), item);
    boolean holds =
        switch (name) {
          case "attribute_exists" -> one.isPresent();
          case "attribute_not_exists" -> one.isEmpty();
          case "begins_with", "contains" -> {
            expect(",");
            JsonNode asked = operand(tokens.get(next++), item).orElseThrow();
            if (asked.has("N")) {
              yield name.equals("contains") && one.filter(set -> hasNumber(set, asked)).isPresent();
            }
            String part = asked.get("S").textValue();
            String text = one.map(v -> v.path("S").asText()).orElse("");
            yield one.isPresent()
                && (name.equals("contains") ? text.contains(part) : text.startsWith(part));
          }
          default -> throw new AssertionError("a function that is not simulated: " + name);
        };
    expect(")");
    return holds;
  }

  private static boolean hasNumber(JsonNode set, JsonNode asked) {
    for (JsonNode number : set.path("NS")) {
      if (number.equals(asked.get("N"))) {
        return true;
      }
    }
    return false;
  }

  private static boolean compare(Optional<JsonNode> a, String operator, Optional<JsonNode> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return operator.equals("<>") && a.isPresent() != b.isPresent();
    }
    boolean numbers = a.get().has("N") && b.get().has("N");
    boolean texts = a.get().has("S") && b.get().has("S");
    if (!numbers && !texts) {
      return operator.equals("=") ? a.equals(b) : operator.equals("<>") && !a.equals(b);
    }
    int order =
        numbers
            ? number(a.get()).compareTo(number(b.get()))
            : a.get().get("S").textValue().compareTo(b.get().get("S").textValue());
    return switch (operator) {
      case "=" -> order == 0;
      case "<>" -> order != 0;
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      default -> throw new AssertionError("an operator that is not simulated: " + operator);
    };
  }

  private Optional<JsonNode> operand(String token, Optional<ObjectNode> item) {
    if (token.startsWith(":")) {
      JsonNode value = request.at("/ExpressionAttributeValues").get(token);
      if (value == null) {
        throw new AssertionError("the request has no value " + token);
      }
      return Optional.of(value);
    }
    return item.map(all -> all.get(name(token)));
  }

  private String name(String token) {
    if (!token.startsWith("#")) {
      return token;
    }
    JsonNode name = request.at("/ExpressionAttributeNames").get(token);
    if (name == null) {
      throw new AssertionError("the request has no name " + token);
    }
    return name.textValue();
  }

  /** The item after the update; {@code before} has its key at least. */
  ObjectNode updated(ObjectNode before) {
    ObjectNode after = before.deepCopy();
    while (next < tokens.size()) {
      String clause = tokens.get(next++).toUpperCase(Locale.ROOT);
      do {
        String attribute = name(tokens.get(next++));
        switch (clause) {
          case "SET" -> {
            expect("=");
            after.set(attribute, sum(before));
          }
          case "REMOVE" -> after.remove(attribute);
          case "ADD" -> {
            JsonNode more = operand(tokens.get(next++), Optional.of(before)).orElseThrow();
            JsonNode had = before.get(attribute);
            if (more.has("NS")) {
              after.set(attribute, union(Optional.ofNullable(had), more));
            } else {
              after.set(
                  attribute, number(had == null ? number(more) : number(had).add(number(more))));
            }
          }
          default -> throw new AssertionError("an update that is not simulated: " + tokens);
        }
      } while (taken(","));
    }
    return after;
  }

  private JsonNode sum(ObjectNode before) {
    JsonNode value = term(before);
    while (next < tokens.size() && (is("+") || is("-"))) {
      boolean plus = tokens.get(next++).equals("+");
      BigDecimal other = number(term(before));
      value = number(plus ? number(value).add(other) : number(value).subtract(other));
    }
    return value;
  }

  private JsonNode term(ObjectNode before) {
    String token = tokens.get(next++);
    if (!token.equals("if_not_exists")) {
      return operand(token, Optional.of(before)).orElseThrow();
    }
    expect("(");
    Optional<JsonNode> known = operand(tokens.get(next++), Optional.of(before));
    expect(",");
    JsonNode otherwise = term(before);
    expect(")");
    return known.orElse(otherwise);
  }

  private static JsonNode union(Optional<JsonNode> had, JsonNode more) {
    var all = new TreeSet<String>();
    had.ifPresent(set -> set.get("NS").forEach(one -> all.add(one.textValue())));
    more.get("NS").forEach(one -> all.add(one.textValue()));
    var set = JsonNodeFactory.instance.objectNode();
    all.forEach(set.putArray("NS")::add);
    return set;
  }

  private boolean is(String token) {
    return next < tokens.size() && tokens.get(next).equals(token);
  }

  private boolean taken(String token) {
    boolean there = is(token);
    if (there) {
      next++;
    }
    return there;
  }

  private void expect(String token) {
    if (!taken(token)) {
      throw new AssertionError("expected " + token + " in " + tokens);
    }
  }

  private static BigDecimal number(JsonNode value) {
    return new BigDecimal(value.get("N").textValue());
  }

  private static JsonNode number(BigDecimal value) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("N", value.stripTrailingZeros().toPlainString());
  }
}
