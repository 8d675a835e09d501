package dev.godwit.worker;

import dev.godwit.run.Tally;

/**
 * Told of every page of every slice, and of how DynamoDB answers, for live progress. Called from
 * the slices' threads and those of their requests.
 */
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

  /**
   * A request has not been done, or nothing of it, and is to be tried again. Told of each try.
   *
   * @param instead what DynamoDB does instead, as in {@code answers HTTP 503}; never anything of an
   *     item
   */
  default void unanswered(String instead) {}

  /** A page has been read, or a part of a request to write been done or refused for good. */
  default void answered() {}
}
