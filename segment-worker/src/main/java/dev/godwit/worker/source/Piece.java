package dev.godwit.worker.source;

/** What is written of one item in a file. */
final class Piece {
  private final Place at;
  private final byte[] bytes;
  private final Place next;

  /**
   * @param at where it begins
   * @param bytes it, without what divides it from others; not to be changed any more
   * @param next where the next begins
   */
  Piece(Place at, byte[] bytes, Place next) {
    this.at = at;
    this.bytes = bytes;
    this.next = next;
  }

  Place at() {
    return at;
  }

  byte[] bytes() {
    return bytes;
  }

  Place next() {
    return next;
  }

  /** Whether there is nothing but space. */
  boolean isBlank() {
    for (byte b : bytes) {
      if (!isSpace(b)) {
        return false;
      }
    }
    return true;
  }

  /** As JSON has it. */
  static boolean isSpace(int b) {
    return b == ' ' || b == '\t' || b == '\r' || b == '\n';
  }
}
