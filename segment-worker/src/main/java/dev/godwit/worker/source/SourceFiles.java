package dev.godwit.worker.source;

import dev.godwit.worker.TableRefused;
import dev.godwit.worker.pace.Deadline;
import java.util.List;

/**
 * Where files of items are. Thread-safe.
 *
 * <p>All methods throw a {@link dev.godwit.worker.WorkerException} when the place does not answer
 * or refuses.
 */
public interface SourceFiles {
  /**
   * The same, as a slice uses it: no request waits beyond the time that {@code deadline} leaves.
   */
  default SourceFiles until(Deadline deadline) {
    return this;
  }

  /**
   * The file at {@code location}; or, where that ends with a slash, all files right below it, in
   * the order of their names.
   *
   * @throws TableRefused when there is none
   */
  List<SourceFile> find(String location);

  /**
   * Reads a part of {@code file}: as many bytes as are asked for, fewer only at its end.
   *
   * @throws TableRefused when it is not any more as it was found
   */
  byte[] read(SourceFile file, long from, int bytes);
}
