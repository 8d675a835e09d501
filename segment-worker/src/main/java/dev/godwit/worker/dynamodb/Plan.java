package dev.godwit.worker.dynamodb;

import dev.godwit.worker.write.Condition;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The expressions of one write that has a request of its own.
 *
 * @param update what it sets and removes; empty for a delete and a move
 * @param condition what must hold
 * @param expression what their placeholders stand for
 */
record Plan(PlannedWrite write, String update, String condition, Expression expression) {
  static Plan of(PlannedWrite write, List<String> keys) {
    var expression = new Expression();
    var update =
        write instanceof PlannedWrite.Update changed
            ? expression.update(
                changed.result(), changed.difference().set(), changed.difference().removed())
            : "";
    return new Plan(write, update, condition(write, keys, expression), expression);
  }

  private static String condition(PlannedWrite write, List<String> keys, Expression expression) {
    var text = new StringBuilder("attribute_exists(" + expression.name(keys.get(0)) + ")");
    var condition = write.condition();
    for (String name : condition.unchanged()) {
      text.append(" AND ")
          .append(expression.name(name))
          .append('=')
          .append(expression.value(write.scanned(), name));
    }
    for (String name : condition.absent()) {
      text.append(" AND attribute_not_exists(").append(expression.name(name)).append(')');
    }
    return text.toString();
  }

  /** Why no expression holds this write; absent if they do. */
  Optional<Outcome.Refused> tooWide() {
    if (!write.condition().fitsAnExpression() || condition.length() > Expression.MOST_BYTES) {
      return Optional.of(guardTooLarge());
    }
    return update.length() > Expression.MOST_BYTES
        ? Optional.of(changeTooLarge())
        : Optional.empty();
  }

  private Outcome.Refused guardTooLarge() {
    return new Outcome.Refused(
        "GuardTooLarge",
        String.format(
            Locale.ROOT,
            "The guard compares %,d attributes, and an expression of DynamoDB holds %d; %suse"
                + " --guard version:ATTRIBUTE, which compares one, or --guard none where nobody else"
                + " writes",
            write.condition().attributes(),
            Condition.MOST_ATTRIBUTES,
            write instanceof PlannedWrite.Move
                ? "a move compares all that there are: "
                : "let the transform read and change fewer, or "));
  }

  private Outcome.Refused changeTooLarge() {
    return new Outcome.Refused(
        "ChangeTooLarge",
        String.format(
            Locale.ROOT,
            "The change sets and removes %,d attributes, more than an expression of DynamoDB holds"
                + " (%,d bytes); let the migration change fewer at a time, or use --guard none where"
                + " nobody else writes, which writes items whole",
            changed(),
            Expression.MOST_BYTES));
  }

  private int changed() {
    return write instanceof PlannedWrite.Update changed
        ? changed.difference().set().size() + changed.difference().removed().size()
        : 0;
  }
}
