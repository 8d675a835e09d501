package dev.godwit.cli.stepfunctions;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The ARN of a state machine, or of a version or alias of one.
 *
 * @param text whole
 * @param qualifier a version's number or an alias's name
 */
public record StateMachineArn(
    String text,
    String partition,
    String region,
    String account,
    String name,
    Optional<String> qualifier) {
  private static final Pattern FORM =
      Pattern.compile(
          "arn:(aws(?:-[a-z]+)*):states:([a-z0-9-]+):(\\d{12}):stateMachine:([^:/\\s]+)(?::([^:/\\s]+))?");

  /**
   * Reads {@code text}.
   *
   * @throws IllegalArgumentException when it is no state machine's
   */
  public static StateMachineArn of(String text) {
    var matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "give a state machine's ARN, as in arn:aws:states:eu-west-1:123456789012:stateMachine:NAME, not '"
              + text
              + "'");
    }
    return new StateMachineArn(
        text,
        matcher.group(1),
        matcher.group(2),
        matcher.group(3),
        matcher.group(4),
        Optional.ofNullable(matcher.group(5)));
  }

  /** The execution of this state machine that is called {@code name}. */
  String execution(String executionName) {
    return "arn:"
        + partition
        + ":states:"
        + region
        + ":"
        + account
        + ":execution:"
        + name
        + ":"
        + executionName;
  }

  /** Without an alias, which cannot be described: API reference, DescribeStateMachine. */
  String describable() {
    return qualifier.isPresent() && !qualifier.get().chars().allMatch(Character::isDigit)
        ? text.substring(0, text.lastIndexOf(':'))
        : text;
  }

  @Override
  public String toString() {
    return text;
  }
}
