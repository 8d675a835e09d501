package dev.godwit.migration;

import java.nio.charset.StandardCharsets;

/** Texts that DynamoDB can hold: UTF-8, so whole characters only. */
final class Texts {
  private Texts() {}

  /**
   * The {@code text} itself.
   *
   * @throws IllegalArgumentException when it has half of a surrogate pair, as is left of an emoji
   *     that {@code substring} has cut in two
   */
  static String checked(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        checkPairs(text);
        break;
      }
    }
    return text;
  }

  private static void checkPairs(String text) {
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(
          "A string has half of a character (one surrogate without the other), which cannot be"
              + " stored; cut strings between code points");
    }
  }
}
