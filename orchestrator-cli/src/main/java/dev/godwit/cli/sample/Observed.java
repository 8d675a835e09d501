package dev.godwit.cli.sample;

import dev.godwit.cli.facts.IndexFacts;
import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.sample.IndexEntries.Effect;
import dev.godwit.cli.sample.IndexEntries.Fate;
import dev.godwit.cli.sample.TableSample.IndexEffects;
import dev.godwit.cli.sample.TableSample.Sizes;
import dev.godwit.cli.sample.TableSample.Spread;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.worker.record.BeforeImage;
import dev.godwit.worker.record.RunRecords;
import dev.godwit.worker.write.ItemRehearsal;
import dev.godwit.worker.write.PlannedWrite;
import dev.godwit.worker.write.Rehearsed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** What was seen of the items that were read, item by item. Used from one thread. */
final class Observed {
  private static final double STEP_BYTES = 1024;

  /** A move deletes and puts in one transaction, which takes each unit twice. */
  private static final int IN_TRANSACTION = 2;

  /** As many as a page of the worker has at most, so that gzip finds as much to shorten. */
  private static final int IMAGES_A_FILE = 1_000;

  private static final long COLD_ITEMS = 300;

  private final List<OneIndex> indexes;
  private final List<String> partitionKey;
  private final Optional<String> expiry;
  private final Instant now;

  private final Map<Outcome, Clustered> outcomes = new EnumMap<>(Outcome.class);
  private final Map<String, Long> errors = new TreeMap<>();
  private final Clustered writeUnits = Clustered.ofUnits();
  private final Clustered moveUnits = Clustered.ofUnits();
  private final Clustered allUnits = Clustered.ofUnits();
  private final Clustered actionUnits = Clustered.ofUnits();
  private final Clustered stepsCrossed = Clustered.ofUnits();
  private final Clustered growth = new Clustered();
  private final Clustered expired = Clustered.ofUnits();
  private final List<Clustered> all = new ArrayList<>();
  private final List<BeforeImage> images = new ArrayList<>();
  private long imageCount;
  private double imageBytes;

  private long items;
  private long offered;
  private double bytesBefore;
  private long stay;
  private double bytesAfter;
  private long largestBefore;
  private long largestAfter;
  private long coldNanos;
  private long nanos;

  private long ofSegment;
  private long leftOutOfSegment;
  private int segments;
  private int filled;
  private int cutShort;
  private double squaredSegmentSizes;
  private long largestSegment;
  private long collections;
  private long ofCollection;
  private long largestCollection;
  private Optional<Item> collection = Optional.empty();

  /** What is seen of one index. */
  private static final class OneIndex {
    private final IndexFacts facts;
    private final IndexEntries entries;
    private final Map<Fate, Clustered> fates = new EnumMap<>(Fate.class);
    private final Clustered units = Clustered.ofUnits();

    OneIndex(IndexFacts facts, List<String> tableKeys) {
      this.facts = facts;
      this.entries = new IndexEntries(facts, tableKeys);
    }

    Clustered seen(Fate fate) {
      return Objects.requireNonNull(fates.get(fate));
    }

    void add(Effect effect) {
      fates.forEach((fate, clustered) -> clustered.add(fate == effect.fate() ? 1 : 0));
      units.add(effect.units());
    }
  }

  Observed(TableFacts table, Instant now) {
    this.indexes =
        table.indexes().stream().map(index -> new OneIndex(index, table.keys())).toList();
    this.partitionKey = table.keys().subList(0, 1);
    this.expiry = table.expiry().known().flatMap(it -> it);
    this.now = now;
    all.addAll(
        List.of(writeUnits, moveUnits, allUnits, actionUnits, stepsCrossed, growth, expired));
    for (Outcome outcome : Outcome.values()) {
      outcomes.put(outcome, added());
    }
    for (OneIndex index : indexes) {
      for (Fate fate : Fate.values()) {
        index.fates.put(fate, added());
      }
      all.add(index.units);
    }
  }

  private Clustered added() {
    var clustered = Clustered.ofUnits();
    all.add(clustered);
    return clustered;
  }

  /** Takes a page of the present segment. */
  void page(List<Item> page, int examined, ItemRehearsal rehearsal) {
    rehearsal.see(page);
    for (Item item : page) {
      long began = System.nanoTime();
      var rehearsed = rehearsal.of(item);
      time(System.nanoTime() - began);
      add(rehearsed, rehearsal);
    }
    leaveOut(examined - page.size());
    ofSegment += examined;
    items += examined;
  }

  /** The first items meet code that nothing has compiled yet, which a run soon leaves behind. */
  private void time(long took) {
    if (offered < COLD_ITEMS) {
      coldNanos += took;
    } else {
      nanos += took;
    }
  }

  private double microsAnItem() {
    return offered >= 2 * COLD_ITEMS
        ? nanos / 1e3 / (offered - COLD_ITEMS)
        : (coldNanos + nanos) / 1e3 / Math.max(1, offered);
  }

  private void leaveOut(long count) {
    leftOutOfSegment += count;
    outcomes.forEach(
        (outcome, clustered) -> clustered.add(outcome == Outcome.LEFT_OUT ? 1 : 0, count));
    for (Clustered clustered : all) {
      if (!outcomes.containsValue(clustered)) {
        clustered.add(0, count);
      }
    }
  }

  private void add(Rehearsed rehearsed, ItemRehearsal rehearsal) {
    var item = rehearsed.item();
    long before = item.sizeBytes();
    offered++;
    bytesBefore += before;
    largestBefore = Math.max(largestBefore, before);
    collect(item);
    expired.add(isExpired(item) ? 1 : 0);
    if (rehearsed instanceof Rehearsed.Failed failed) {
      errors.merge(failed.error(), 1L, Long::sum);
      outcome(failed.foreseen() ? Outcome.REFUSED : Outcome.FAILED);
      untouched(before);
    } else if (rehearsed instanceof Rehearsed.Done done) {
      actionUnits.add(done.actionUnits());
      if (done.write().isEmpty()) {
        outcome(Outcome.KEPT);
        written(done, before, before, false);
      } else {
        var write = done.write().get();
        boolean isMove = write instanceof PlannedWrite.Move;
        outcome(
            isMove
                ? Outcome.MOVED
                : write instanceof PlannedWrite.Delete ? Outcome.DELETED : Outcome.CHANGED);
        long after = done.after().map(Item::sizeBytes).orElse(0L);
        written(done, before, after, isMove);
        image(rehearsal.imageOf(write));
      }
    }
  }

  private void outcome(Outcome outcome) {
    outcomes.forEach((one, clustered) -> clustered.add(one == outcome ? 1 : 0));
  }

  private void untouched(long bytes) {
    List.of(writeUnits, moveUnits, allUnits, actionUnits, stepsCrossed, growth)
        .forEach(clustered -> clustered.add(0));
    indexes.forEach(index -> index.add(Effect.NONE));
    stays(bytes);
  }

  private void written(Rehearsed.Done done, long before, long after, boolean isMove) {
    double units = done.writeUnits();
    writeUnits.add(units);
    moveUnits.add(isMove ? units : 0);
    double together = units;
    for (OneIndex index : indexes) {
      var effect =
          done.write().isEmpty()
              ? Effect.NONE
              : index.entries.effect(Optional.of(done.item()), done.after(), isMove);
      var counted = new Effect(effect.fate(), effect.units() * (isMove ? IN_TRANSACTION : 1));
      index.add(counted);
      together += counted.units();
    }
    allUnits.add(together);
    stepsCrossed.add(
        Math.ceil(after / STEP_BYTES) > Math.max(1, Math.ceil(before / STEP_BYTES)) ? 1 : 0);
    growth.add((double) (after - before));
    if (done.after().isPresent()) {
      stays(after);
    }
  }

  private void stays(long bytes) {
    stay++;
    bytesAfter += bytes;
    largestAfter = Math.max(largestAfter, bytes);
  }

  private void image(BeforeImage image) {
    images.add(image);
    imageCount++;
    if (images.size() == IMAGES_A_FILE) {
      endImages();
    }
  }

  private void endImages() {
    if (!images.isEmpty()) {
      imageBytes += RunRecords.sizeOf(images).count(Counter.BEFORE_IMAGE_BYTES);
      images.clear();
    }
  }

  private boolean isExpired(Item item) {
    return expiry.filter(name -> Expiry.isPast(item, name, now)).isPresent();
  }

  private void collect(Item item) {
    var key = item.only(partitionKey);
    if (!collection.equals(Optional.of(key))) {
      collection = Optional.of(key);
      collections++;
      ofCollection = 0;
    }
    ofCollection++;
    largestCollection = Math.max(largestCollection, ofCollection);
  }

  /**
   * Ends the present segment.
   *
   * @param isWhole whether it was read to its end
   */
  void endSegment(boolean isWhole) {
    for (Clustered clustered : all) {
      clustered.endSegment(ofSegment);
    }
    segments++;
    filled += ofSegment > 0 ? 1 : 0;
    cutShort += isWhole ? 0 : 1;
    squaredSegmentSizes += (double) ofSegment * ofSegment;
    largestSegment = Math.max(largestSegment, ofSegment);
    collections += leftOutOfSegment > 0 ? 1 : 0;
    collection = Optional.empty();
    ofSegment = 0;
    leftOutOfSegment = 0;
  }

  long items() {
    return items;
  }

  /**
   * What this tells of the whole table.
   *
   * @param tableItems how many it holds
   * @param isComplete whether all of them were seen
   */
  TableSample sample(long tableItems, int totalSegments, boolean isComplete, double readUnits) {
    endImages();
    var drawn =
        new Drawn(
            items, filled, Math.max(1, collections), squaredSegmentSizes, tableItems, isComplete);
    long ofTable = isComplete ? items : drawn.tableItems();
    var totals = new Totals(drawn, ofTable);
    var outcomesOfTable = new EnumMap<Outcome, Interval>(Outcome.class);
    outcomes.forEach((outcome, seen) -> outcomesOfTable.put(outcome, totals.count(seen)));
    double share = imageCount == 0 ? 0 : imageBytes / imageCount;
    var images =
        outcomesOfTable
            .getOrDefault(Outcome.CHANGED, Interval.ZERO)
            .plus(outcomesOfTable.getOrDefault(Outcome.MOVED, Interval.ZERO))
            .plus(outcomesOfTable.getOrDefault(Outcome.DELETED, Interval.ZERO));
    return new TableSample(
        items,
        ofTable,
        segments,
        totalSegments,
        cutShort,
        isComplete,
        readUnits,
        outcomesOfTable,
        errors,
        totals.amount(writeUnits),
        totals.amount(moveUnits),
        totals.amount(allUnits),
        indexes.stream()
            .map(
                index ->
                    new IndexEffects(
                        index.facts.name(),
                        index.facts.isGlobal(),
                        totals.count(index.seen(Fate.ADDED)),
                        totals.count(index.seen(Fate.MOVED)),
                        totals.count(index.seen(Fate.REMOVED)),
                        totals.count(index.seen(Fate.REWRITTEN)),
                        totals.amount(index.units)))
            .toList(),
        totals.amount(actionUnits),
        totals.count(stepsCrossed),
        totals.any(growth),
        images.times(share),
        images,
        new Sizes(
            offered == 0 ? 0 : bytesBefore / offered,
            stay == 0 ? 0 : bytesAfter / stay,
            largestBefore,
            largestAfter),
        new Spread(
            segments == 0 ? 0 : (double) items / segments, largestSegment, largestCollection),
        totals.count(expired),
        microsAnItem());
  }

  /** From the means of the items seen to the whole table, within what was seen. */
  private record Totals(Drawn drawn, long ofTable) {
    Interval any(Clustered seen) {
      return seen.mean(drawn).times((double) ofTable);
    }

    Interval amount(Clustered seen) {
      return any(seen).within(seen.sum(), Double.MAX_VALUE);
    }

    Interval count(Clustered seen) {
      return any(seen).within(seen.sum(), ofTable - (drawn.items() - seen.sum()));
    }
  }
}
