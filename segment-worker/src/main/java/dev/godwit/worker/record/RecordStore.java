package dev.godwit.worker.record;

import dev.godwit.worker.pace.Deadline;
import java.util.List;

/**
 * The results location: a bucket, or a folder laid out like one. Thread-safe.
 *
 * <p>All methods throw a {@link dev.godwit.worker.WorkerException} when the location does not
 * answer or refuses.
 */
public interface RecordStore {
  /**
   * The same, as a slice uses it: no request waits beyond the time that {@code deadline} leaves.
   */
  default RecordStore until(Deadline deadline) {
    return this;
  }

  /** Writes a file, over what is there; when this returns, it is durable. */
  void write(String key, byte[] content);

  /** Reads a file whole. */
  byte[] read(String key);

  /** The keys of all files below {@code prefix}, which ends with a slash; in order. */
  List<String> list(String prefix);

  /** How people name the file {@code key}, for messages: a path or an {@code s3://} address. */
  String address(String key);
}
