package dev.godwit.cli.export;

import java.io.IOException;

/** Where exported items go. Nothing that is there already is written over. */
interface Destination extends AutoCloseable {
  /** For people. */
  String name();

  /** Takes some items: JSON lines, gzipped as a whole. */
  void take(byte[] gzipped, byte[] lines) throws IOException;

  /** Makes what was taken be there. */
  void finish() throws IOException;

  /** Leaves nothing behind that was not finished, as far as it can. */
  @Override
  void close() throws IOException;
}
