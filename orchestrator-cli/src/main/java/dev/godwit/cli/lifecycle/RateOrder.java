package dev.godwit.cli.lifecycle;

import dev.godwit.cli.ledger.RunRate;
import dev.godwit.run.RunRequest;
import dev.godwit.run.ledger.RateItem;
import java.util.ArrayList;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to be changed of how fast a run goes; what is absent stays.
 *
 * @param paused whether it is to be paused
 * @param readUnitsPerSecond its new read budget
 * @param writeUnitsPerSecond its new write budget
 * @param maxConcurrency how many segments are to be worked on at once
 */
public record RateOrder(
    Optional<Boolean> paused,
    OptionalInt readUnitsPerSecond,
    OptionalInt writeUnitsPerSecond,
    OptionalInt maxConcurrency) {
  public static final RateOrder PAUSE =
      new RateOrder(
          Optional.of(true), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());
  public static final RateOrder RESUME =
      new RateOrder(
          Optional.of(false), OptionalInt.empty(), OptionalInt.empty(), OptionalInt.empty());

  /** Other budgets. */
  public static RateOrder budgets(OptionalInt read, OptionalInt write) {
    return new RateOrder(Optional.empty(), read, write, OptionalInt.empty());
  }

  /** What is to be changed, by how fast the run may go at present. */
  @FunctionalInterface
  public interface Step {
    RateOrder from(RunRequest request, RunRate now);
  }

  /** Pauses one that goes on, and resumes one that is paused. */
  public static RateOrder pauseOrResume(RunRequest request, RunRate now) {
    return now.paused() ? RESUME : PAUSE;
  }

  /** A tenth more of each budget that there is. */
  public static RateOrder faster(RunRequest request, RunRate now) {
    return byATenth(request, now, 1);
  }

  /** A tenth less of each budget that there is. */
  public static RateOrder slower(RunRequest request, RunRate now) {
    return byATenth(request, now, -1);
  }

  private static RateOrder byATenth(RunRequest request, RunRate now, int direction) {
    return budgets(
        byATenth(present(now.readUnitsPerSecond(), request.readUnitsPerSecond()), direction),
        byATenth(present(now.writeUnitsPerSecond(), request.writeUnitsPerSecond()), direction));
  }

  /** One unit at least, and never less than one. */
  private static OptionalInt byATenth(OptionalInt units, int direction) {
    if (units.isEmpty()) {
      return units;
    }
    long now = units.getAsInt();
    long next = now + direction * Math.max(1, Math.round(now / 10.0));
    return OptionalInt.of((int) Math.max(1, Math.min(Integer.MAX_VALUE, next)));
  }

  private static OptionalInt present(OptionalInt now, OptionalInt atFirst) {
    return now.isPresent() ? now : atFirst;
  }

  /** Whether it asks for nothing at all. */
  boolean isEmpty() {
    return paused.isEmpty()
        && readUnitsPerSecond.isEmpty()
        && writeUnitsPerSecond.isEmpty()
        && maxConcurrency.isEmpty();
  }

  /** The same, and so many segments at once. */
  public RateOrder atOnce(OptionalInt segments) {
    return new RateOrder(paused, readUnitsPerSecond, writeUnitsPerSecond, segments);
  }

  /** The rate when it is carried out on {@code now}. */
  RunRate on(RunRequest request, RunRate now) {
    return new RunRate(
        readUnitsPerSecond.isPresent() ? readUnitsPerSecond : now.readUnitsPerSecond(),
        writeUnitsPerSecond.isPresent() ? writeUnitsPerSecond : now.writeUnitsPerSecond(),
        maxConcurrency.isPresent() ? maxConcurrency : now.maxConcurrency(),
        maxConcurrency.isPresent()
            ? OptionalInt.of(Math.max(maxConcurrency.getAsInt(), atOnce(request, now)))
            : now.atOnce(),
        paused.orElse(now.paused()),
        paused.isPresent() ? hold(paused.get(), now) : now.hold(),
        now.revision() + 1,
        now.changes(),
        now.readsSlowed(),
        now.writesSlowed());
  }

  /** A person's pause is ended by no alarm, and a person who resumes does not wait for one. */
  private static Optional<String> hold(boolean pauses, RunRate now) {
    if (pauses) {
      return Optional.empty();
    }
    return now.isHeldByAlarm() ? Optional.of(RateItem.HOLD_WAIVED) : now.hold();
  }

  /** Among how many the budget is shared. */
  private static int atOnce(RunRequest request, RunRate now) {
    return now.atOnce().orElse(request.maxConcurrency());
  }

  /** What that changes, for people; empty for nothing. */
  String told(RunRequest request, RunRate now) {
    var told = new ArrayList<String>();
    paused
        .filter(asked -> asked != now.paused() || (asked && now.isHeldByAlarm()))
        .ifPresent(asked -> told.add(asked ? "paused" : "resumed"));
    units(
            "read units per second",
            readUnitsPerSecond,
            now.readUnitsPerSecond(),
            request.readUnitsPerSecond())
        .ifPresent(told::add);
    units(
            "write units per second",
            writeUnitsPerSecond,
            now.writeUnitsPerSecond(),
            request.writeUnitsPerSecond())
        .ifPresent(told::add);
    int before = now.maxConcurrency().orElse(request.maxConcurrency());
    if (maxConcurrency.isPresent() && maxConcurrency.getAsInt() != before) {
      told.add(
          "at most "
              + number(maxConcurrency.getAsInt())
              + " segments at once instead of "
              + number(before));
    }
    return String.join(", ", told);
  }

  private static Optional<String> units(
      String what, OptionalInt asked, OptionalInt now, OptionalInt atFirst) {
    var before = present(now, atFirst);
    if (asked.isEmpty() || asked.equals(before)) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s %s instead of %s",
            what,
            number(asked.getAsInt()),
            before.isPresent() ? number(before.getAsInt()) : "no limit"));
  }

  private static String number(int units) {
    return String.format(Locale.ROOT, "%,d", units);
  }
}
