package dev.godwit.asl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Instant;
import java.util.stream.Stream;

/**
 * Buckets of objects, as much of S3 as item readers and result writers need.
 *
 * <p>Thread-safety: one instance serves all executions.
 */
public interface ObjectStore {
  /**
   * An object in a listing.
   *
   * @param bytes its size
   * @param etag with the quotation marks, as S3 gives it
   */
  record Listed(String key, long bytes, String etag, Instant lastModified) {}

  /**
   * @return every object under {@code prefix}, in the order of the keys' UTF-8 bytes; close it
   */
  Stream<Listed> list(String bucket, String prefix) throws IOException;

  /**
   * @throws java.nio.file.NoSuchFileException if there is no such object
   */
  InputStream read(String bucket, String key) throws IOException;

  /** Makes or replaces an object, whole, and at once when the writer has returned. */
  void write(String bucket, String key, Content content) throws IOException;

  /** Writes an object's content; called once. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }
}
