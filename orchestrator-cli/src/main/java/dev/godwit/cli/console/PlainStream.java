package dev.godwit.cli.console;

import dev.godwit.run.text.TerminalText;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Passes UTF-8 on, but for characters by which text could steer the terminal that it is shown on
 * ({@link TerminalText}): control characters, C0 and C1, and those that turn the direction of
 * writing. In their place come their escapes, as in {@code \\u001b}, which mean the same in a JSON
 * string.
 *
 * <p>What is told holds stored text, and users' exceptions, in many places; here none is missed.
 */
public final class PlainStream extends FilterOutputStream {
  /** The longest of them in UTF-8. */
  private static final int LONGEST = 3;

  private static final boolean LINES_END_WITH_CR = System.lineSeparator().contains("\r");

  private final ByteArrayOutputStream begun = new ByteArrayOutputStream(LONGEST);

  public PlainStream(OutputStream out) {
    super(out);
  }

  @Override
  public synchronized void write(int oneByte) throws IOException {
    int b = oneByte & 0xFF;
    if (b < 0x80 || b >= 0xC0) {
      pass(); // not what was begun, or broken off
    }
    if (b == 0xC2 || b == 0xD8 || b == 0xE2) {
      begun.write(b); // the first byte of some that are told by those behind it
    } else if (begun.size() > 0) {
      begun.write(b);
      if (begun.size() == length(begun.toByteArray()[0] & 0xFF)) {
        decide();
      }
    } else if ((b < 0x20 && !isFine(b)) || b == 0x7F) {
      escape(b);
    } else {
      out.write(b);
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int from, int count) throws IOException {
    for (int i = from; i < from + count; i++) {
      write(bytes[i]);
    }
  }

  private boolean isFine(int b) {
    return b == '\n' || b == '\t' || (b == '\r' && LINES_END_WITH_CR);
  }

  private static int length(int firstByte) {
    return firstByte < 0xE0 ? 2 : LONGEST;
  }

  private void decide() throws IOException {
    int c = begun.toString(StandardCharsets.UTF_8).codePointAt(0);
    if (TerminalText.steers((char) c)) {
      begun.reset();
      escape(c);
    } else {
      pass();
    }
  }

  private void pass() throws IOException {
    begun.writeTo(out);
    begun.reset();
  }

  private void escape(int c) throws IOException {
    out.write(String.format(Locale.ROOT, "\\u%04x", c).getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public synchronized void close() throws IOException {
    pass();
    super.close();
  }
}
