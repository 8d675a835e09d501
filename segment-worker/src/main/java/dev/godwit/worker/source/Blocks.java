package dev.godwit.worker.source;

/** The bytes of a file from a place on, read block by block. Used from one thread. */
final class Blocks {
  /** A request of S3 for each block is cheap, and none stays open while a page is written. */
  static final int BLOCK = 2 << 20;

  private final SourceFiles files;
  private final SourceFile file;
  private byte[] block = new byte[0];
  private int next;

  /** Where the block begins. */
  private long base;

  Blocks(SourceFiles files, SourceFile file, long from) {
    this.files = files;
    this.file = file;
    this.base = from;
  }

  /** Where the next byte stands in the file. */
  long position() {
    return base + next;
  }

  /** Whether there is another byte. */
  boolean hasMore() {
    if (next < block.length) {
      return true;
    }
    base += block.length;
    next = 0;
    block = files.read(file, base, BLOCK);
    return block.length > 0;
  }

  /** The next byte; there must be one. */
  int take() {
    return block[next++] & 0xFF;
  }

  /** The block; what is next stands at {@link #from}, after {@link #hasMore}. */
  byte[] bytes() {
    return block;
  }

  int from() {
    return next;
  }

  /** How many bytes of the block are next. */
  int left() {
    return block.length - next;
  }

  void skip(int bytes) {
    next += bytes;
  }
}
