package dev.godwit.run.text;

import java.nio.charset.StandardCharsets;

/**
 * Stored text, or what an exception says of it, that must not steer the terminal that it is shown
 * on: no control character moves the cursor, changes colours or answers for the user, and none
 * makes text read in another order than it stands. They are shown as in {@code \u001b}, as JSON
 * escapes them.
 */
public final class TerminalText {
  private TerminalText() {}

  /** {@code text} on one line. */
  public static String of(String text) {
    return escaped(text, false);
  }

  /** {@code text} with its lines. */
  public static String ofLines(String text) {
    return escaped(text, true);
  }

  /** The same JSON. Outside of strings it may have lines, as in a file of JSON lines. */
  public static String ofJson(String json) {
    return escaped(json, true);
  }

  /** The same JSON, in UTF-8. */
  public static byte[] ofJson(byte[] json) {
    var text = new String(json, StandardCharsets.UTF_8);
    var escaped = ofJson(text);
    return escaped.equals(text) ? json : escaped.getBytes(StandardCharsets.UTF_8);
  }

  private static String escaped(String text, boolean keepsLines) {
    int i = 0;
    while (i < text.length() && !steers(text.charAt(i), keepsLines)) {
      i++;
    }
    if (i == text.length()) {
      return text;
    }
    var out = new StringBuilder(text.length() + 16).append(text, 0, i);
    for (; i < text.length(); i++) {
      char c = text.charAt(i);
      if (steers(c, keepsLines)) {
        out.append("\\u").append(Character.forDigit(c >> 12, 16));
        out.append(Character.forDigit((c >> 8) & 0xf, 16));
        out.append(Character.forDigit((c >> 4) & 0xf, 16));
        out.append(Character.forDigit(c & 0xf, 16));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static boolean steers(char c, boolean keepsLines) {
    return c < ' ' ? !(keepsLines && (c == '\n' || c == '\r' || c == '\t')) : steers(c);
  }

  /** Whether {@code c}, no matter where it stands, could steer a terminal. */
  public static boolean steers(char c) {
    if (c >= ' ' && c < 0x7f) {
      return false;
    }
    return c <= 0x9f // C0, DEL and C1
        || c == '\u061c' // the marks, embeddings, overrides and isolates of direction
        || c == '\u200e'
        || c == '\u200f'
        || (c >= '\u202a' && c <= '\u202e')
        || (c >= '\u2066' && c <= '\u206f')
        || c == '\u2028' // what some take for the end of a line
        || c == '\u2029';
  }
}
