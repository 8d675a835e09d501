package dev.godwit.worker;

import dev.godwit.run.Tally;

/** Told of every page of every slice, for live progress. Called from the slices' threads. */
@FunctionalInterface
public interface PageListener {
  PageListener NONE = (segment, page) -> {};

  /**
   * A page is done.
   *
   * @param segment the segment it belongs to
   * @param page the counters of this page alone
   */
  void pageDone(int segment, Tally page);
}
