package dev.godwit.worker.source;

import dev.godwit.migration.Item;
import java.nio.charset.StandardCharsets;

/** What stands in a page, and in a failure record, for text that is no item. */
final class DamagedText {
  /** The error of such a record. */
  static final String ERROR = "DamagedText";

  private static final int LONGEST = 10_000;

  private DamagedText() {}

  static Item of(SourceFile file, Piece piece) {
    var text =
        new String(
            piece.bytes(), 0, Math.min(LONGEST, piece.bytes().length), StandardCharsets.UTF_8);
    return Item.empty()
        .with("damagedFile", file.address())
        .with("damagedAt", piece.at().offset())
        .with("damagedText", text);
  }
}
