package dev.godwit.cli.export;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.launch.Interrupts;
import dev.godwit.cli.ledger.ExportBooks;
import dev.godwit.cli.lifecycle.Waiting;
import dev.godwit.cli.report.ExportTexts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.ExportRecord.Location;
import dev.godwit.run.ledger.ExportRecord.Next;
import dev.godwit.run.ledger.ExportRecord.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Has DynamoDB export a table to S3 as it was at one moment, and waits until it is there.
 *
 * <p>What is asked for is in the ledger before it is asked for. So if the process dies on any line,
 * the next one asks for the same export again, or finds it and watches: there is never a second one
 * that nobody wanted, and never one that nobody knows of for more than a moment.
 */
final class PointInTimeExport {
  /** Exports take minutes at least; who watches one need not ask often. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
  private static final int MOST_TRIES = 5;

  private final Screen screen;
  private final Interrupts interrupts;
  private final Waiting waiting;

  PointInTimeExport(Screen screen, Interrupts interrupts, Waiting waiting) {
    this.screen = screen;
    this.interrupts = interrupts;
    this.waiting = waiting;
  }

  /**
   * An export that is asked for.
   *
   * @param purpose the migration that it is for, or {@link ExportRecord#NO_PURPOSE}
   * @param destination where it is to go
   * @param isSaid whether its user has named that
   * @param atTime the moment of the table; empty for now
   * @param again whether one that is there does not count
   * @param by who asks
   * @param longest how long to wait for it; empty for however long it takes
   */
  record Wanted(
      String table,
      String tableArn,
      String purpose,
      Location destination,
      boolean isSaid,
      Optional<Instant> atTime,
      boolean again,
      String by,
      Optional<Duration> longest) {
    /** Whether one that is there is what is wanted. */
    private boolean takes(ExportRecord there) {
      return !again
          && !(there.status() == Status.COMPLETED
              && there.purpose().equals(ExportRecord.NO_PURPOSE));
    }
  }

  /**
   * Begins it, or finds it, and follows it to its end.
   *
   * @return how it ended, or how the watch did; it is in {@code books} as far as it has come
   */
  Outcome carryOut(Wanted wanted, S3Export exports, ExportBooks books) {
    var begun = begun(wanted, exports, books);
    if (begun.status() == Status.COMPLETED) {
      return new Outcome(begun, ExitCode.DONE);
    }
    screen
        .err()
        .println(
            "Exporting " + wanted.table() + " to " + begun.destination() + " as " + arn(begun));
    var stop = new StopSignal();
    return interrupts.during(stop, () -> follow(wanted, begun, exports, books, stop));
  }

  /** How it stands now, and what the process answers. */
  record Outcome(ExportRecord export, ExitCode exit) {}

  private ExportRecord begun(Wanted wanted, S3Export exports, ExportBooks books) {
    for (int i = 0; i < MOST_TRIES; i++) {
      var latest = books.latest(wanted.purpose());
      var next = ExportRecord.next(latest, waiting.now());
      if (next == Next.USE && !wanted.takes(latest.orElseThrow())) {
        next = Next.ASK_ANEW;
      }
      if (next == Next.ASK_ANEW) {
        latest.ifPresent(earlier -> tellOfEarlier(earlier, wanted));
        var asked =
            ExportRecord.asked(
                wanted.table(),
                wanted.purpose(),
                latest,
                wanted.destination(),
                wanted.atTime(),
                waiting.now(),
                wanted.by());
        if (books.write(latest, asked)) {
          return ask(wanted, asked, Next.ASK_ANEW, exports, books);
        }
        continue; // somebody else asks just now: theirs is taken
      }
      var there = latest.orElseThrow();
      refuseAnother(wanted, there);
      if (next == Next.ASK_AGAIN) {
        return ask(wanted, there, next, exports, books);
      }
      screen
          .err()
          .println(
              (next == Next.USE ? "Found: exported" : "Found: being exported")
                  + " since "
                  + there.askedAt().truncatedTo(ChronoUnit.SECONDS)
                  + " by "
                  + there.by()
                  + ". No second one is begun.");
      return there;
    }
    throw new CommandFailed(
        ExitCode.UNREACHABLE,
        "Others ask for exports of " + wanted.table() + " all the time; try again");
  }

  private void tellOfEarlier(ExportRecord earlier, Wanted wanted) {
    if (earlier.status() == Status.FAILED) {
      screen.err().println("The last one: " + earlier.failure() + ". Another is begun.");
    } else if (earlier.status() == Status.ASKED) {
      screen
          .err()
          .println(
              "An export was asked for at "
                  + earlier.askedAt()
                  + ", and whether DynamoDB has begun it is not known any more. Another is begun.");
    } else if (wanted.takes(earlier) && earlier.status() == Status.COMPLETED) {
      screen
          .err()
          .println(
              "The last one is older than "
                  + ExportRecord.GOOD_FOR.toHours()
                  + " hours. Another is begun.");
    }
  }

  private ExportRecord ask(
      Wanted wanted, ExportRecord asked, Next why, S3Export exports, ExportBooks books) {
    ExportRecord begun;
    try {
      begun = exports.begin(asked, wanted.tableArn());
    } catch (S3Export.Refused e) {
      if (why == Next.ASK_ANEW) {
        books.write(Optional.of(asked), asked.refused(String.valueOf(e.getMessage())));
      }
      throw new CommandFailed(ExitCode.BAD_USAGE, e.getMessage() + ". Nothing was begun", e);
    }
    // When somebody else has asked with the same token, they have written the same.
    books.write(Optional.of(asked), begun);
    return begun;
  }

  /** One that is there, or under way, stands for what is wanted only if it is that. */
  private static void refuseAnother(Wanted wanted, ExportRecord there) {
    boolean elsewhere = wanted.isSaid() && !wanted.destination().equals(there.destination());
    boolean otherTime = wanted.atTime().isPresent() && !wanted.atTime().equals(there.atTime());
    if (elsewhere || otherTime) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "An export of "
              + wanted.table()
              + (there.purpose().equals(ExportRecord.NO_PURPOSE) ? "" : " for " + there.purpose())
              + (there.status() == Status.COMPLETED ? " is there" : " is under way")
              + " already, to "
              + there.destination()
              + there.atTime().map(at -> ", as the table was at " + at).orElse("")
              + "; leave out "
              + (elsewhere ? "--to" : "--export-time")
              + " to take it"
              + (there.status() == Status.COMPLETED
                  ? ", or add --again for another"
                  : ", or wait until it has ended")
              + ". Nothing was begun");
    }
  }

  private Outcome follow(
      Wanted wanted, ExportRecord begun, S3Export exports, ExportBooks books, StopSignal stop) {
    var from = waiting.now();
    var pause = FIRST_LOOK;
    var export = begun;
    while (true) {
      export = look(export, exports, books);
      if (export.status() == Status.COMPLETED) {
        return new Outcome(export, ExitCode.DONE);
      }
      if (export.status() == Status.FAILED) {
        screen.err().println(export.failure() + ". Export again: the same command.");
        return new Outcome(export, ExitCode.RUN_FAILED);
      }
      var waited = Duration.between(from, waiting.now());
      if (stop.isStopped()) {
        screen
            .err()
            .println(
                "The export goes on, and is not stopped. The same command goes on watching it.");
        return new Outcome(export, ExitCode.STOPPED);
      }
      var left = wanted.longest().map(longest -> longest.minus(waited));
      if (left.filter(much -> much.isZero() || much.isNegative()).isPresent()) {
        screen
            .err()
            .println(
                "The export goes on: it was not there after "
                    + ExportTexts.clock(waited)
                    + ". The same command goes on watching it.");
        return new Outcome(export, ExitCode.UNREACHABLE);
      }
      screen.err().println("In progress, watched for " + ExportTexts.clock(waited) + " …");
      waiting.pause(left.isPresent() && left.get().compareTo(pause) < 0 ? left.get() : pause, stop);
      pause =
          pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
              ? LONGEST_PAUSE
              : pause.multipliedBy(2);
    }
  }

  private ExportRecord look(ExportRecord export, S3Export exports, ExportBooks books) {
    try {
      var now = exports.describe(export);
      if (now.status() != export.status()) {
        books.write(Optional.of(export), now); // else another who watches has written the same
      }
      return now;
    } catch (S3Export.Unanswered e) {
      screen.err().println("DynamoDB does not answer (" + e.getMessage() + "); it is asked again.");
      return export;
    }
  }

  private static String arn(ExportRecord export) {
    return export.arn().orElse("an export without a name");
  }
}
