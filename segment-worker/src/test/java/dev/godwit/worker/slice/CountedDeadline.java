package dev.godwit.worker.slice;

import dev.godwit.worker.pace.Deadline;
import java.time.Duration;

/** A deadline that comes after so many pages, or in the midst of one. */
final class CountedDeadline implements Deadline {
  private int pagesLeft;
  private int itemsLeft;

  /**
   * @param pages after how many pages the deadline is near
   * @param items after how many items, beyond the first of each page, it is past
   */
  CountedDeadline(int pages, int items) {
    this.pagesLeft = pages;
    this.itemsLeft = items;
  }

  @Override
  public boolean isNear() {
    return pagesLeft <= 0 || itemsLeft <= 0;
  }

  @Override
  public boolean isPast() {
    return itemsLeft-- <= 0;
  }

  @Override
  public void pageTook(Duration duration) {
    pagesLeft--;
  }
}
