package dev.godwit.worker.source;

import dev.godwit.worker.TableRefused;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Takes the text of a file to pieces: lines, or the elements of one JSON array. */
abstract class Pieces implements AutoCloseable {
  /**
   * An item of 400 KB (DynamoDB developer guide, quotas; read 2026-11-20) has less than 4 MB as
   * JSON, with every byte escaped or every attribute empty.
   */
  static final int LONGEST = 16 << 20;

  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  protected final Text text;

  Pieces(Text text) {
    this.text = text;
  }

  /**
   * The next piece; empty behind the last.
   *
   * @throws TableRefused when the rest of the file cannot be taken to pieces
   */
  abstract Optional<Piece> next();

  @Override
  public void close() {
    text.close();
  }

  /** What the first byte of {@code file} that is no space says: {@code [} begins an array. */
  static boolean isArray(SourceFiles files, SourceFile file) {
    try (var text = Text.of(files, file, Place.START)) {
      skipByteOrderMark(text);
      while (text.hasMore()) {
        int b = text.bytes()[text.from()];
        if (!Piece.isSpace(b)) {
          return b == '[';
        }
        text.skip(1);
      }
      return false;
    }
  }

  /** To be called at the beginning of a file. */
  private static void skipByteOrderMark(Text text) {
    if (text.hasMore() && text.to() - text.from() >= BYTE_ORDER_MARK.length) {
      for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
        if (text.bytes()[text.from() + i] != BYTE_ORDER_MARK[i]) {
          return;
        }
      }
      text.skip(BYTE_ORDER_MARK.length);
    }
  }

  /** The lines of {@code file} from {@code from} on, where one begins. */
  static Pieces lines(SourceFiles files, SourceFile file, Place from) {
    var text = Text.of(files, file, from);
    if (from.offset() == 0) {
      skipByteOrderMark(text);
    }
    return new Lines(text);
  }

  /** The lines that begin from {@code from} on in a file that is not gzipped. */
  static Pieces linesFrom(SourceFiles files, SourceFile file, long from) {
    if (from == 0) {
      return lines(files, file, Place.START);
    }
    // the line that the byte before belongs to is whoever's who has its beginning
    var lines = new Lines(Text.of(files, file, Place.plain(from - 1)));
    lines.skipLine();
    return lines;
  }

  /**
   * The elements of the array that {@code file} is, from {@code from} on: the start, or behind one.
   */
  static Pieces elements(SourceFiles files, SourceFile file, Place from) {
    var text = Text.of(files, file, from);
    if (from.offset() == 0) {
      skipByteOrderMark(text);
    }
    return new Elements(file, text, from.offset() == 0);
  }

  /** Each up to its line feed. One that is too long is cut off there, and so no item. */
  private static final class Lines extends Pieces {
    Lines(Text text) {
      super(text);
    }

    @Override
    Optional<Piece> next() {
      if (!text.hasMore()) {
        return Optional.empty();
      }
      var at = text.place();
      var line = new ByteArrayOutputStream();
      takeLine(line);
      return Optional.of(new Piece(at, line.toByteArray(), text.place()));
    }

    void skipLine() {
      takeLine(null);
    }

    private void takeLine(@Nullable ByteArrayOutputStream line) {
      while (text.hasMore()) {
        int from = text.from();
        int to = from;
        while (to < text.to() && text.bytes()[to] != '\n') {
          to++;
        }
        if (line != null) {
          line.write(text.bytes(), from, Math.min(to - from, LONGEST + 1 - line.size()));
        }
        boolean ended = to < text.to();
        text.skip((ended ? to + 1 : to) - from);
        if (ended) {
          return;
        }
      }
    }
  }

  /** Each up to its last brace, whatever is in it. */
  private static final class Elements extends Pieces {
    private final SourceFile file;
    private boolean isAtStart;

    Elements(SourceFile file, Text text, boolean isAtStart) {
      super(text);
      this.file = file;
      this.isAtStart = isAtStart;
    }

    @Override
    Optional<Piece> next() {
      int divider = take();
      if (isAtStart && divider != '[') {
        throw broken("an array should begin");
      }
      if (divider == ']' || (isAtStart && look() == ']')) {
        if (divider != ']') {
          take();
        }
        skipSpace();
        if (text.hasMore()) {
          throw broken("the file should end, for its array has ended");
        }
        return Optional.empty();
      }
      if (!isAtStart && divider != ',') {
        throw broken("a comma, or the array's end, should be");
      }
      isAtStart = false;
      if (look() != '{') {
        throw broken("an item should begin with a brace");
      }
      var at = text.place();
      var bytes = element();
      return Optional.of(new Piece(at, bytes, text.place()));
    }

    private byte[] element() {
      var element = new ByteArrayOutputStream();
      int depth = 0;
      boolean isInText = false;
      boolean isEscaped = false;
      while (text.hasMore()) {
        byte[] bytes = text.bytes();
        int from = text.from();
        int to = from;
        boolean isOver = false;
        while (to < text.to() && !isOver) {
          byte b = bytes[to++];
          if (isInText) {
            boolean ends = b == '"' && !isEscaped;
            isEscaped = b == '\\' && !isEscaped;
            isInText = !ends;
          } else if (b == '"') {
            isInText = true;
          } else if (b == '{' || b == '[') {
            depth++;
          } else if (b == '}' || b == ']') {
            isOver = --depth == 0;
          }
        }
        element.write(bytes, from, to - from);
        text.skip(to - from);
        if (isOver) {
          return element.toByteArray();
        }
        if (element.size() > LONGEST) {
          throw broken("the item before should have ended long ago");
        }
      }
      throw broken("the item before, and the array, should have ended");
    }

    private void skipSpace() {
      while (text.hasMore() && Piece.isSpace(text.bytes()[text.from()])) {
        text.skip(1);
      }
    }

    private int look() {
      skipSpace();
      return text.hasMore() ? text.bytes()[text.from()] : -1;
    }

    private int take() {
      int b = look();
      if (b < 0) {
        throw broken("the array should have ended");
      }
      text.skip(1);
      return b;
    }

    private TableRefused broken(String what) {
      return new TableRefused(
          "The file "
              + file.address()
              + " is one JSON array, and is damaged at byte "
              + text.place().offset()
              + " of its text: there "
              + what
              + ". What comes behind that was not read; items before it are done",
          new IOException("damaged"));
    }
  }
}
