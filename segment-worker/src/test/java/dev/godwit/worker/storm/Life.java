package dev.godwit.worker.storm;

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** Everything that the storm did to one item, from its creation to its end. Thread-safe. */
final class Life {
  private final ConcurrentSkipListMap<Long, Long> valueByRevision = new ConcurrentSkipListMap<>();
  private final AtomicLongArray visits = new AtomicLongArray(Storm.THREADS);
  private volatile boolean ended;

  void wrote(long revision, long value) {
    valueByRevision.put(revision, value);
  }

  void visited(int thread) {
    visits.incrementAndGet(thread);
  }

  void end() {
    ended = true;
  }

  boolean isOver() {
    return ended;
  }

  long lastRevision() {
    return valueByRevision.lastKey();
  }

  long lastValue() {
    return valueByRevision.lastEntry().getValue();
  }

  long visits(int thread) {
    return visits.get(thread);
  }
}
