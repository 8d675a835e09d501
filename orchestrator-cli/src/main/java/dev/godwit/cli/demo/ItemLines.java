package dev.godwit.cli.demo;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file in UTF-8, perhaps gzipped, that are not blank; one is held at a time. A byte
 * order mark in front of the first is not part of it, nor is the carriage return behind any.
 */
final class ItemLines implements AutoCloseable {
  /**
   * An item of 400 KB (DynamoDB developer guide, quotas; read 2026-11-20) has less than 4 MB as
   * JSON, with every byte escaped or every attribute empty.
   */
  private static final int LONGEST = 16 << 20;

  private static final char BYTE_ORDER_MARK = '\uFEFF';
  private static final int BLOCK = 1 << 16;

  private final Path file;
  private final InputStream in;
  private final CharsetDecoder decoder =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT);
  private final ByteBuffer block = ByteBuffer.allocate(BLOCK).limit(0);
  private long number;

  private ItemLines(Path file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  /**
   * A line.
   *
   * @param number from 1
   */
  record Line(long number, String text) {}

  /**
   * The lines of {@code file}. Close the stream.
   *
   * @throws CommandFailed when the file, or a line, cannot be read; so does the stream
   */
  static Stream<Line> of(Path file) {
    var lines = open(file);
    return StreamSupport.stream(
            new AbstractSpliterator<Line>(
                Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
              @Override
              public boolean tryAdvance(Consumer<? super Line> action) {
                var next = lines.next();
                next.ifPresent(action);
                return next.isPresent();
              }
            },
            false)
        .onClose(lines::close);
  }

  /** That a line is not as it must be. */
  static CommandFailed bad(Path file, long number, String what, @Nullable Exception cause) {
    return new CommandFailed(
        ExitCode.BAD_USAGE,
        file + ", line " + number + ": " + what + ". Nothing was written",
        cause);
  }

  @SuppressWarnings("StreamResourceLeak") // closed with the lines
  private static ItemLines open(Path file) {
    try {
      var in = Files.newInputStream(file);
      return new ItemLines(
          file, file.toString().endsWith(".gz") ? new GZIPInputStream(in, BLOCK) : in);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static CommandFailed unreadable(Path file, IOException e) {
    return new CommandFailed(
        ExitCode.BAD_USAGE,
        e instanceof NoSuchFileException
            ? "There is no file " + file
            : file + " cannot be read: " + e.getMessage(),
        e);
  }

  private Optional<Line> next() {
    while (true) {
      Optional<ByteBuffer> bytes;
      try {
        bytes = nextBytes();
      } catch (IOException e) {
        throw unreadable(file, e);
      }
      if (bytes.isEmpty()) {
        return Optional.empty();
      }
      number++;
      var text = decoded(bytes.get());
      if (!text.isBlank()) {
        return Optional.of(new Line(number, text));
      }
    }
  }

  /** Up to the next line feed, without it; empty at the end of the file. */
  private Optional<ByteBuffer> nextBytes() throws IOException {
    var line = new ByteArrayOutputStream();
    boolean begun = false;
    while (block.hasRemaining() || fill()) {
      begun = true;
      int from = block.position();
      int to = from;
      while (to < block.limit() && block.get(to) != '\n') {
        to++;
      }
      line.write(block.array(), from, to - from);
      if (line.size() > LONGEST) {
        throw bad(
            file,
            number + 1,
            String.format(
                Locale.ROOT,
                "it has more than %,d bytes, which no item has; write one item on each line",
                LONGEST),
            null);
      }
      boolean ended = to < block.limit();
      block.position(ended ? to + 1 : to);
      if (ended) {
        break;
      }
    }
    return begun ? Optional.of(ByteBuffer.wrap(line.toByteArray())) : Optional.empty();
  }

  private boolean fill() throws IOException {
    int read = in.read(block.array());
    block.position(0).limit(Math.max(0, read));
    return read > 0;
  }

  private String decoded(ByteBuffer bytes) {
    var text = CharBuffer.allocate(bytes.remaining());
    if (decoder.reset().decode(bytes, text, true).isError()) {
      throw bad(
          file,
          number,
          String.format(
              Locale.ROOT,
              "its byte %,d (0x%02X) is no UTF-8; convert the file, as in 'iconv -f LATIN1 -t UTF-8'",
              bytes.position() + 1,
              bytes.get(bytes.position())),
          null);
    }
    var line = text.flip().toString();
    return number == 1 && !line.isEmpty() && line.charAt(0) == BYTE_ORDER_MARK
        ? line.substring(1)
        : line;
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
