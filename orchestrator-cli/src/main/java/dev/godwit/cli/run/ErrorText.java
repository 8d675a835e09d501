package dev.godwit.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Why something failed, as people should read it.
 *
 * <p>Step Functions has the answer of a function that failed as an error's cause, whole: {@code
 * {"errorMessage":…,"errorType":…,"stackTrace":…}} (Lambda developer guide, "Understanding retry
 * behavior", and "Java function errors"; read 2026-11-26). Of that only the message says something.
 */
final class ErrorText {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ErrorText() {}

  /** {@code text} with a function's answer in it replaced by the message of that. */
  static String unwrapped(String text) {
    int from = text.indexOf('{');
    if (from < 0 || !text.contains("\"errorMessage\"")) {
      return text;
    }
    try {
      var message = JSON.readTree(text.substring(from)).path("errorMessage");
      return message.isTextual() ? text.substring(0, from) + message.textValue() : text;
    } catch (JsonProcessingException e) {
      return text; // cut off on its way
    }
  }
}
