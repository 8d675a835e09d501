package dev.godwit.worker.source;

import dev.godwit.worker.TableRefused;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The text of a gzipped file of one member or several (RFC 1952). To go on within a member, it is
 * unzipped from its beginning.
 *
 * <p>The JDK's stream takes a damaged member behind the first for the end of the file, and so would
 * lose what follows without a word; and it does not say where members begin.
 */
final class GzippedText implements Text {
  private static final int CHUNK = 1 << 16;
  private static final int DEFLATED = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xE0;

  private final SourceFile file;
  private final Blocks blocks;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] chunk = new byte[CHUNK];
  private int next;
  private int end;

  /** How many bytes of the text come before the chunk. */
  private long base;

  private long member;
  private long memberOffset;
  private boolean isInMember;

  /**
   * @param blocks from where the member of {@code from} begins
   */
  GzippedText(SourceFile file, Blocks blocks, Place from) {
    this.file = file;
    this.blocks = blocks;
    this.base = from.memberOffset();
    this.member = from.member();
    this.memberOffset = from.memberOffset();
    long skipped = from.offset() - from.memberOffset();
    while (skipped > 0 && hasMore()) {
      int some = (int) Math.min(skipped, end - next);
      skip(some);
      skipped -= some;
    }
  }

  @Override
  public byte[] bytes() {
    return chunk;
  }

  @Override
  public int from() {
    return next;
  }

  @Override
  public int to() {
    return end;
  }

  @Override
  public void skip(int bytes) {
    next += bytes;
  }

  @Override
  public Place place() {
    return new Place(base + next, member, memberOffset);
  }

  @Override
  public void close() {
    inflater.end();
  }

  @Override
  public boolean hasMore() {
    while (next == end) {
      base += end;
      next = 0;
      end = 0;
      if (!isInMember && !begin()) {
        return false;
      }
      inflate();
    }
    return true;
  }

  private void inflate() {
    try {
      end = inflater.inflate(chunk);
    } catch (DataFormatException e) {
      throw damaged(String.valueOf(e.getMessage()));
    }
    crc.update(chunk, 0, end);
    if (inflater.finished()) {
      // what was given to the inflater ends with the block
      blocks.skip(blocks.left() - inflater.getRemaining());
      if (number(4) != crc.getValue() || number(4) != (inflater.getBytesWritten() & 0xFFFFFFFFL)) {
        throw damaged("its checksum or its length is another than it says");
      }
      isInMember = false;
    } else if (inflater.needsDictionary()) {
      throw damaged("it needs a dictionary");
    } else if (end == 0 && inflater.needsInput()) {
      blocks.skip(blocks.left());
      if (!blocks.hasMore()) {
        throw damaged("it ends in the middle");
      }
      feed();
    }
  }

  /** The inflater takes all of the block; what of it is used is known when a member ends. */
  private void feed() {
    inflater.setInput(blocks.bytes(), blocks.from(), blocks.left());
  }

  /** Begins the next member, if there is one; what is filled up with zeros has ended. */
  private boolean begin() {
    while (blocks.position() > 0 && blocks.hasMore() && blocks.bytes()[blocks.from()] == 0) {
      blocks.skip(1);
    }
    if (!blocks.hasMore()) {
      return false;
    }
    long start = blocks.position();
    if (number(2) != 0x8B1F || number(1) != DEFLATED) {
      throw damaged("no gzip member begins at byte " + start);
    }
    int flags = (int) number(1);
    if ((flags & RESERVED) != 0) {
      throw damaged("the gzip member at byte " + start + " has unknown flags");
    }
    number(4);
    number(2);
    if ((flags & EXTRA) != 0) {
      for (long left = number(2); left > 0; left--) {
        number(1);
      }
    }
    for (int text : new int[] {NAME, COMMENT}) {
      while ((flags & text) != 0 && number(1) != 0) {
        // up to the zero behind it
      }
    }
    if ((flags & HEADER_CRC) != 0) {
      number(2);
    }
    member = start;
    memberOffset = base;
    isInMember = true;
    inflater.reset();
    crc.reset();
    if (blocks.hasMore()) {
      feed();
    }
    return true;
  }

  /** The next bytes as a number, the lowest first. */
  private long number(int bytes) {
    long number = 0;
    for (int i = 0; i < bytes; i++) {
      if (!blocks.hasMore()) {
        throw damaged("it ends in the middle");
      }
      number |= (long) blocks.take() << (8 * i);
    }
    return number;
  }

  private TableRefused damaged(String how) {
    return new TableRefused(
        "The file "
            + file.address()
            + " is damaged: "
            + how
            + " (at byte "
            + blocks.position()
            + " of it, byte "
            + (base + end)
            + " of its text). What comes behind that was not read; items before it are done",
        new IOException("damaged"));
  }
}
