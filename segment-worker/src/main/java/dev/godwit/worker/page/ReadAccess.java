package dev.godwit.worker.page;

import dev.godwit.migration.ScanFilter;
import dev.godwit.worker.pace.Pace;
import java.util.Optional;
import java.util.function.Function;

/** A table, or a secondary index of it, that items are read from. Thread-safe. */
public interface ReadAccess {
  /** How they can be. */
  Access access();

  /** The pages of one segment; none is read before {@code pace} lets it. */
  PageSource segment(int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace);

  /** The pages of any partition. */
  Function<Partition, PageSource> partitions(Optional<ScanFilter> filter, Pace pace);
}
