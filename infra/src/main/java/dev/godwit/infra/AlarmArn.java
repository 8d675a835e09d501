package dev.godwit.infra;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.Token;

/** The ARN of a CloudWatch alarm, metric or composite. */
record AlarmArn(String text) {
  /** Up to 255 characters: AlarmName in CloudWatch's model; read 2026-11-26. */
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:cloudwatch:([a-z0-9-]+):(\\d{12}):alarm:(.{1,255})");

  AlarmArn {
    if (!ARN.matcher(text).matches()) {
      throw new InvalidOptions(
          "holdOnAlarm: \""
              + text
              + "\" is not an alarm's ARN (arn:aws:cloudwatch:REGION:ACCOUNT:alarm:NAME).");
    }
  }

  String name() {
    return part(3);
  }

  /** Whether this is surely an alarm of another account or region than {@code stack}'s. */
  boolean isElsewhere(Stack stack) {
    return differs(part(1), stack.getRegion()) || differs(part(2), stack.getAccount());
  }

  private String part(int group) {
    Matcher matcher = ARN.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalStateException("It was one: " + text);
    }
    return matcher.group(group);
  }

  /** A stack that is for any account does not know its own yet. */
  private static boolean differs(String said, String own) {
    return !Boolean.TRUE.equals(Token.isUnresolved(own)) && !said.equals(own);
  }
}
