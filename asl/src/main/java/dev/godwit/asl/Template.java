package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A JSON value in a definition whose strings in percent braces are JSONata; all else stands for
 * itself.
 */
final class Template {
  private static final String OPEN = "{%";
  private static final String CLOSE = "%}";

  private final String field;
  private final JsonNode literal;
  private final @Nullable Expression expression;
  private final Map<String, Template> members;
  private final List<Template> elements;
  private final boolean constant;

  private Template(
      String field,
      JsonNode literal,
      @Nullable Expression expression,
      Map<String, Template> members,
      List<Template> elements) {
    this.field = field;
    this.literal = literal;
    this.expression = expression;
    this.members = members;
    this.elements = elements;
    this.constant =
        expression == null
            && members.values().stream().allMatch(t -> t.constant)
            && elements.stream().allMatch(t -> t.constant);
  }

  /**
   * @param field where it stands: {@code Arguments}
   * @throws com.dashjoin.jsonata.JException if an expression is no JSONata
   */
  static Template of(String field, JsonNode value) {
    if (value.isTextual() && isExpression(value.textValue())) {
      return new Template(
          field, value, new Expression(inner(value.textValue())), Map.of(), List.of());
    }
    Map<String, Template> members = new LinkedHashMap<>();
    List<Template> elements = new ArrayList<>();
    value
        .properties()
        .forEach(e -> members.put(e.getKey(), of(field + "/" + e.getKey(), e.getValue())));
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        elements.add(of(field + "[" + i + "]", value.get(i)));
      }
    }
    return new Template(field, value, null, members, elements);
  }

  static boolean isExpression(String text) {
    return text.startsWith(OPEN) && text.endsWith(CLOSE) && text.length() >= 4;
  }

  private static String inner(String text) {
    return text.substring(OPEN.length(), text.length() - CLOSE.length()).strip();
  }

  /**
   * @throws StateFailure {@code States.QueryEvaluationError}
   */
  JsonNode evaluate(Bindings bindings) {
    if (constant) {
      return literal;
    }
    if (expression != null) {
      return expression.evaluate(bindings, field);
    }
    if (literal.isArray()) {
      ArrayNode array = JsonNodeFactory.instance.arrayNode(elements.size());
      elements.forEach(element -> array.add(element.evaluate(bindings)));
      return array;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    members.forEach((name, member) -> object.set(name, member.evaluate(bindings)));
    return object;
  }

  boolean isConstant() {
    return constant;
  }

  boolean isSingleExpression() {
    return expression != null;
  }

  JsonNode literal() {
    return literal;
  }

  String field() {
    return field;
  }

  /** Names of the top-level members, where this is an object and not one expression. */
  Iterable<String> memberNames() {
    return members.keySet();
  }

  void forEachExpression(Consumer<Expression> action) {
    if (expression != null) {
      action.accept(expression);
    }
    members.values().forEach(member -> member.forEachExpression(action));
    elements.forEach(element -> element.forEachExpression(action));
  }
}
