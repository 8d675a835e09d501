package dev.godwit.worker.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Recall;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final Item CURSOR = Item.empty().with("id", "7");

  private final List<WeakReference<Page>> read = new ArrayList<>();
  private final ReadAhead ahead =
      new ReadAhead(
          (cursor, limit) -> {
            var page = new Page(List.of(Item.empty()), 1, Optional.empty(), 0.5, Tally.ZERO);
            read.add(new WeakReference<>(page));
            return Optional.of(page);
          },
          Runnable::run,
          new Recall(Deadline.NEVER));

  @Test
  void read_pageReadAhead_isHeldUntilItIsTakenAndNoLonger() {
    ahead.start(CURSOR, OptionalInt.empty());
    assertThat(reachable()).as("until it is taken").isEqualTo(1);

    ahead.read(Optional.of(CURSOR), OptionalInt.empty());

    assertThat(reachable()).as("once it was taken").isZero();
  }

  @Test
  void read_anotherPageThanTheOneReadAhead_letsGoOfThatOne() {
    ahead.start(CURSOR, OptionalInt.empty());

    ahead.read(Optional.empty(), OptionalInt.empty());

    assertThat(reachable()).isZero();
  }

  @Test
  void discard_pageTaken_hasCostNothingMore() {
    ahead.start(CURSOR, OptionalInt.empty());
    ahead.read(Optional.of(CURSOR), OptionalInt.empty());

    assertThat(ahead.discard()).isEqualTo(Tally.ZERO);
  }

  @Test
  void discard_pageNotTaken_tellsWhatItCostAndLetsGoOfIt() {
    ahead.start(CURSOR, OptionalInt.empty());

    assertThat(ahead.discard()).isEqualTo(Tally.of(Counter.READ_UNITS, 0.5));
    assertThat(reachable()).isZero();
  }

  private long reachable() {
    System.gc();
    return read.stream().filter(page -> !page.refersTo(null)).count();
  }
}
