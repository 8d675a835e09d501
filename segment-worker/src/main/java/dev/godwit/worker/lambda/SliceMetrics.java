package dev.godwit.worker.lambda;

import dev.godwit.run.slice.SliceRequest;
import dev.godwit.run.slice.SliceResult;

/** Told of each slice that has ended well, before its result is handed out. Thread-safe. */
@FunctionalInterface
interface SliceMetrics {
  SliceMetrics NONE = (slice, result) -> {};

  /** Never throws: a slice whose figures cannot be told has still done its work. */
  void sliceDone(SliceRequest slice, SliceResult result);
}
