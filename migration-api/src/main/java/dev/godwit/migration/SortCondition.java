package dev.godwit.migration;

import java.util.List;

/**
 * Which of the items with one partition key a query answers, by their sort key: DynamoDB developer
 * guide, "Key condition expressions for the Query operation"; read 2026-11-26.
 *
 * @param operator how the sort key is compared
 * @param values what with: two for {@link Operator#BETWEEN}, else one; strings, numbers or binary
 */
public record SortCondition(Operator operator, List<Value> values) {
  /**
   * @throws IllegalArgumentException when no sort key can be compared so; the message says why
   */
  public SortCondition {
    values = List.copyOf(values);
    int wanted = operator == Operator.BETWEEN ? 2 : 1;
    if (values.size() != wanted) {
      throw new IllegalArgumentException(
          operator + " compares with " + wanted + " values, not " + values.size());
    }
    for (Value value : values) {
      if (!isKey(value.type())) {
        throw new IllegalArgumentException(
            "A sort key is a string, a number or binary: "
                + operator
                + " cannot compare it with a "
                + value.type());
      }
    }
    if (wanted == 2 && values.get(0).type() != values.get(1).type()) {
      throw new IllegalArgumentException(
          "between compares with two values of one type, not with a "
              + values.get(0).type()
              + " and a "
              + values.get(1).type());
    }
    if (operator == Operator.BEGINS_WITH && values.get(0).type() == AttributeType.N) {
      throw new IllegalArgumentException(
          "begins_with is for strings and binary, not for numbers; use between");
    }
  }

  private static boolean isKey(AttributeType type) {
    return type == AttributeType.S || type == AttributeType.N || type == AttributeType.B;
  }

  /** The sort key is {@code value}. */
  public static SortCondition is(Value value) {
    return new SortCondition(Operator.IS, List.of(value));
  }

  /** The sort key is below {@code value}. */
  public static SortCondition isBelow(Value value) {
    return new SortCondition(Operator.IS_BELOW, List.of(value));
  }

  /** The sort key is {@code value}, or below. */
  public static SortCondition isAtMost(Value value) {
    return new SortCondition(Operator.IS_AT_MOST, List.of(value));
  }

  /** The sort key is above {@code value}. */
  public static SortCondition isAbove(Value value) {
    return new SortCondition(Operator.IS_ABOVE, List.of(value));
  }

  /** The sort key is {@code value}, or above. */
  public static SortCondition isAtLeast(Value value) {
    return new SortCondition(Operator.IS_AT_LEAST, List.of(value));
  }

  /** The sort key is one of the two, or between them. */
  public static SortCondition isBetween(Value least, Value most) {
    return new SortCondition(Operator.BETWEEN, List.of(least, most));
  }

  /** The sort key, a string, begins with {@code prefix}. */
  public static SortCondition beginsWith(String prefix) {
    return new SortCondition(Operator.BEGINS_WITH, List.of(Value.string(prefix)));
  }

  /** How a sort key is compared. */
  public enum Operator {
    IS("="),
    IS_BELOW("<"),
    IS_AT_MOST("<="),
    IS_ABOVE(">"),
    IS_AT_LEAST(">="),
    BETWEEN("between"),
    BEGINS_WITH("begins_with");

    private final String word;

    Operator(String word) {
      this.word = word;
    }

    /**
     * The operator written {@code word}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Operator of(String word) {
      for (Operator operator : values()) {
        if (operator.word.equals(word)) {
          return operator;
        }
      }
      throw new IllegalArgumentException(
          "a sort key is compared by =, <, <=, >, >=, between or begins_with, not by \""
              + word
              + "\"");
    }

    /** As DynamoDB writes it. */
    @Override
    public String toString() {
      return word;
    }
  }
}
