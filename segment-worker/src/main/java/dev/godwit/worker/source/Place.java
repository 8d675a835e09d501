package dev.godwit.worker.source;

/**
 * A place in the text of a file.
 *
 * @param offset how many bytes of the text come before, unzipped
 * @param member of a gzipped file, where the member begins in the file that the place is in, or
 *     that ends there
 * @param memberOffset how many bytes of the text come before that member
 */
record Place(long offset, long member, long memberOffset) {
  /** In a file that is not gzipped. */
  static Place plain(long offset) {
    return new Place(offset, 0, 0);
  }

  static final Place START = plain(0);
}
