package dev.godwit.worker.source;

import dev.godwit.worker.TableRefused;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * A file of an export, as its manifest describes it.
 *
 * @param address where it is
 * @param items how many it has
 * @param md5 its checksum, in Base64
 * @param etag what S3 called it when it was written
 */
record DataFile(String address, long items, String md5, String etag) {
  /**
   * Refuses {@code file} when it is not what the manifest describes. One that S3 still calls by the
   * same name is; any other, as a copy, is read through.
   *
   * @throws TableRefused when it is another
   */
  void check(SourceFiles files, SourceFile file) {
    if (file.version().replace("\"", "").equals(etag)) {
      return;
    }
    try {
      var digest = MessageDigest.getInstance("MD5");
      var blocks = new Blocks(files, file, 0);
      while (blocks.hasMore()) {
        digest.update(blocks.bytes(), blocks.from(), blocks.left());
        blocks.skip(blocks.left());
      }
      if (!Base64.getEncoder().encodeToString(digest.digest()).equals(md5)) {
        throw new TableRefused(
            "The file "
                + address
                + " of the export is damaged: it has another checksum than its manifest says. None of"
                + " its items was read",
            new IOException("MD5"));
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JVM has MD5", e);
    }
  }

  TableRefused miscounted(long read) {
    return new TableRefused(
        "The file "
            + address
            + " of the export has "
            + read
            + " items, and its manifest says "
            + items
            + ": those that it has are done",
        new IOException("count"));
  }
}
