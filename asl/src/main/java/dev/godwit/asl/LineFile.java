package dev.godwit.asl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file of lines that only ever grows, written so that a killed process leaves whole lines and at
 * most one torn one at the end, which opening it again removes.
 *
 * <p>A line is handed to the operating system before {@link #append} returns, so it survives {@code
 * kill -9}. It is not forced to the disk: what a power cut may take is the newest lines, and a
 * redrive then repeats the slices that they spoke of, which is safe. Forcing each line would cost
 * more than the state transition it records.
 *
 * <p>Thread-safe.
 */
final class LineFile implements Closeable {
  private final FileChannel channel;
  private long end;

  /** Where a line is: its first byte, and its length with the line feed. */
  record Position(long offset, int length) {}

  private LineFile(FileChannel channel, long end) {
    this.channel = channel;
    this.end = end;
  }

  static LineFile open(Path file) {
    try {
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      long end = endOfLastWholeLine(channel);
      channel.truncate(end);
      return new LineFile(channel, end);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long endOfLastWholeLine(FileChannel channel) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(8192);
    long to = channel.size();
    while (to > 0) {
      long from = Math.max(0, to - block.capacity());
      block.clear().limit((int) (to - from));
      readFully(channel, block, from);
      for (int i = block.limit() - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return from + i + 1;
        }
      }
      to = from;
    }
    return 0;
  }

  private static void readFully(FileChannel channel, ByteBuffer into, long from)
      throws IOException {
    long at = from;
    while (into.hasRemaining()) {
      int read = channel.read(into, at);
      if (read < 0) {
        throw new IOException("the file ended early");
      }
      at += read;
    }
  }

  /**
   * @param line without line feeds
   */
  synchronized Position append(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    Position position = new Position(end, bytes.length);
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      long at = end;
      while (buffer.hasRemaining()) {
        at += channel.write(buffer, at);
      }
      end = at;
      return position;
    } catch (IOException e) {
      throw new UncheckedIOException("the journal cannot be written", e);
    }
  }

  synchronized String read(Position position) {
    ByteBuffer buffer = ByteBuffer.allocate(position.length());
    try {
      readFully(channel, buffer, position.offset());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new String(buffer.array(), 0, position.length() - 1, StandardCharsets.UTF_8);
  }

  synchronized long size() {
    return end;
  }

  synchronized void clear() {
    try {
      channel.truncate(0);
      end = 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  synchronized void force() {
    try {
      channel.force(true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads all whole lines, first to last. */
  static void forEach(Path file, LineConsumer consumer) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        BufferedReader reader =
            new BufferedReader(
                new InputStreamReader(
                    Channels.newInputStream(channel), StandardCharsets.UTF_8.newDecoder()))) {
      long offset = 0;
      long end = endOfLastWholeLine(channel);
      channel.position(0);
      while (offset < end) {
        String line = reader.readLine();
        if (line == null) {
          return;
        }
        int length = line.getBytes(StandardCharsets.UTF_8).length + 1;
        consumer.accept(line, new Position(offset, length));
        offset += length;
      }
    } catch (CharacterCodingException e) {
      throw new ExecutionDamaged(file, "it holds bytes that are no text", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @throws ExecutionDamaged if {@code line} is no JSON
   */
  static JsonNode parse(Path file, long number, String line) {
    try {
      return Json.parse(line);
    } catch (JsonProcessingException e) {
      throw new ExecutionDamaged(file, "line " + number + " is no JSON", e);
    }
  }

  /** Takes a line and where it stands. */
  @FunctionalInterface
  interface LineConsumer {
    void accept(String line, Position position) throws IOException;
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
