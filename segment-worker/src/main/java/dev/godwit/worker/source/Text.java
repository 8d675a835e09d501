package dev.godwit.worker.source;

import dev.godwit.worker.TableRefused;

/** The text of a file from a place on, unzipped if it is gzipped. Used from one thread. */
interface Text extends AutoCloseable {
  /** Whether there is another byte. */
  boolean hasMore();

  /** Some bytes of the text; what is next stands at {@link #from}, after {@link #hasMore}. */
  byte[] bytes();

  int from();

  /** Where in {@link #bytes} these end. */
  int to();

  void skip(int bytes);

  /** Where what is next stands. */
  Place place();

  @Override
  void close();

  /**
   * The text of {@code file} from {@code place} on.
   *
   * @throws TableRefused when it is damaged; so do the methods of the text
   */
  static Text of(SourceFiles files, SourceFile file, Place place) {
    return isGzipped(files, file)
        ? new GzippedText(file, new Blocks(files, file, place.member()), place)
        : new PlainText(new Blocks(files, file, place.offset()));
  }

  /** By the two bytes that every gzip file begins with (RFC 1952, 2.3.1). */
  static boolean isGzipped(SourceFiles files, SourceFile file) {
    var start = files.read(file, 0, 2);
    return start.length == 2 && (start[0] & 0xFF) == 0x1F && (start[1] & 0xFF) == 0x8B;
  }

  /** As it is in the file. */
  record PlainText(Blocks blocks) implements Text {
    @Override
    public boolean hasMore() {
      return blocks.hasMore();
    }

    @Override
    public byte[] bytes() {
      return blocks.bytes();
    }

    @Override
    public int from() {
      return blocks.from();
    }

    @Override
    public int to() {
      return blocks.from() + blocks.left();
    }

    @Override
    public void skip(int bytes) {
      blocks.skip(bytes);
    }

    @Override
    public Place place() {
      return Place.plain(blocks.position());
    }

    @Override
    public void close() {}
  }
}
