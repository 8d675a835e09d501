package dev.godwit.run.results;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.SliceRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The name of a file of records in the folder of a segment: which try of which slice has written
 * it, and what part of that slice it is about.
 *
 * <p>Names of one segment are in the order in which they were written, if no two tries were under
 * way at once. That is how {@link #thatCount} tells which failures are overtaken without a record
 * of what has succeeded.
 *
 * @param redrives how often the segment's child execution had been redriven
 * @param position how many items, or deferred actions, of the segment were behind the cursor that
 *     the slice began at
 * @param enteredAt when the slice was first asked for; milliseconds since 1970
 * @param retries how often it had been asked for again since
 * @param part what of the slice
 */
public record RecordName(int redrives, long position, long enteredAt, int retries, String part) {
  /** The part of a file that says nothing but that this try has begun. */
  private static final String BEGUN = "begun";

  private static final Pattern FORM =
      Pattern.compile("(\\d{4,9})-(\\d{15})-(\\d{13,18})-(\\d{4,9})-([^/]+)\\.jsonl(?:\\.gz)?");

  /** Of two tries of a segment, the earlier one first. */
  private static final Comparator<RecordName> IN_ORDER =
      Comparator.comparingInt(RecordName::redrives)
          .thenComparingLong(RecordName::position)
          .thenComparingLong(RecordName::enteredAt)
          .thenComparingInt(RecordName::retries);

  /** The name of the file about {@code part} that this try of {@code slice} writes. */
  public static RecordName of(SliceRequest slice, String part) {
    var before = slice.segmentTally().orElse(Tally.ZERO);
    long position =
        slice.deferred().isPresent()
            ? before.count(Counter.ACTIONS) + before.count(Counter.FAILED)
            : before.count(Counter.SCANNED);
    return new RecordName(
        slice.attempt(), position, slice.enteredAt().toEpochMilli(), slice.retry(), part);
  }

  /**
   * The name of the empty file by which a try of {@code slice} says that it has begun, when it has
   * nothing else to say.
   */
  public static RecordName begun(SliceRequest slice) {
    return of(slice, BEGUN);
  }

  /** The name that the last part of {@code key} is; empty when it is none of these. */
  public static Optional<RecordName> read(String key) {
    var form = FORM.matcher(key.substring(key.lastIndexOf('/') + 1));
    return form.matches()
        ? Optional.of(
            new RecordName(
                Integer.parseInt(form.group(1)),
                Long.parseLong(form.group(2)),
                Long.parseLong(form.group(3)),
                Integer.parseInt(form.group(4)),
                form.group(5)))
        : Optional.empty();
  }

  /**
   * Of the records of a run, those that have the latest word: the files of one folder after the
   * other, in the order in which they were written.
   *
   * <p>A try overtakes all earlier ones from where it begins on, for it is offered all that they
   * were: what has failed again it has on record itself. It says so once its first page is done;
   * what lies beyond the page at which it broke off is offered to the next try.
   *
   * @param keys of files of records of one kind, whatever segments they are of
   */
  public static List<String> thatCount(List<String> keys) {
    var folders = new TreeMap<String, List<String>>();
    for (String key : keys) {
      folders
          .computeIfAbsent(key.substring(0, key.lastIndexOf('/') + 1), any -> new ArrayList<>())
          .add(key);
    }
    var counting = new ArrayList<String>();
    folders.values().forEach(folder -> addThoseThatCount(folder, counting));
    return counting;
  }

  private static void addThoseThatCount(List<String> folder, List<String> counting) {
    var named = new ArrayList<Named>();
    for (String key : folder) {
      read(key).ifPresentOrElse(name -> named.add(new Named(name, key)), () -> counting.add(key));
    }
    named.sort(Comparator.comparing(Named::name, IN_ORDER).thenComparing(Named::key));
    var latest = new ArrayList<String>();
    long overtakenFrom = Long.MAX_VALUE; // where the first of all later tries begins
    long sameTry = Long.MAX_VALUE;
    RecordName later = null;
    for (int i = named.size() - 1; i >= 0; i--) {
      var name = named.get(i).name;
      if (later == null || IN_ORDER.compare(name, later) != 0) {
        overtakenFrom = sameTry;
        sameTry = Math.min(sameTry, name.position);
        later = name;
      }
      if (name.position < overtakenFrom && !name.part.equals(BEGUN)) {
        latest.add(0, named.get(i).key);
      }
    }
    counting.addAll(latest);
  }

  private record Named(RecordName name, String key) {}

  /** What the names of all files of this try begin with. */
  String ofTry() {
    return String.format(
        Locale.ROOT, "%04d-%015d-%013d-%04d-", redrives, position, enteredAt, retries);
  }

  /** The name of the file, without its folder. */
  @Override
  public String toString() {
    return ofTry() + part + ".jsonl";
  }
}
