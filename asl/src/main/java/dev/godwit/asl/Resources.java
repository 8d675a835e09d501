package dev.godwit.asl;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of what a Task, an item reader or a result writer calls. */
final class Resources {
  private static final Pattern INTEGRATION = Pattern.compile("arn:[^:]+:states:::(.+)");

  private Resources() {}

  /** {@code lambda:invoke} of {@code arn:aws:states:::lambda:invoke}; other ARNs as they are. */
  static String shortName(String resource) {
    Matcher matcher = INTEGRATION.matcher(resource);
    return matcher.matches() ? matcher.group(1) : resource;
  }
}
