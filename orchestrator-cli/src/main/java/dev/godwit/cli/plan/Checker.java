package dev.godwit.cli.plan;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.facts.IndexFacts;
import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.lifecycle.TableHolder;
import dev.godwit.cli.price.Price;
import dev.godwit.cli.price.Prices;
import dev.godwit.cli.sample.Interval;
import dev.godwit.cli.sample.Outcome;
import dev.godwit.cli.sample.TableSample;
import dev.godwit.run.RunRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** Looks for what stands in the way of a run. Asks only, and writes nothing. */
final class Checker {
  /** The name of the check that {@code --require-pitr} is about. */
  static final String RECOVERY = "recovery";

  /** What a recovery has to reach back beyond the run: that its trouble is found out. */
  private static final Duration TO_NOTICE = Duration.ofDays(1);

  /**
   * Decreases of provisioned capacity in a day, UTC: four at any time, then one in each hour that
   * begins without one. Developer guide, "Quotas in Amazon DynamoDB", decreasing provisioned
   * throughput; read 2026-11-26.
   */
  private static final int FREE_DECREASES = 4;

  private static final int MOST_DECREASES = 27;

  /** What is kept here of each segment beside its records, and what a run needs at least. */
  private static final long BYTES_A_SEGMENT_HERE = 20_000;

  private static final long LEAST_BYTES_HERE = 50_000_000;

  private static final int LEAST_JAVA = 17;

  private final TableFacts table;
  private final TableSample sample;
  private final Needs needs;
  private final RunRequest request;
  private final Prices prices;
  private final Pace pace;
  private final Instant now;
  private final List<Check> checks = new ArrayList<>();

  Checker(
      TableFacts table,
      TableSample sample,
      Needs needs,
      RunRequest request,
      Prices prices,
      Pace pace,
      Instant now) {
    this.table = table;
    this.sample = sample;
    this.needs = needs;
    this.request = request;
    this.prices = prices;
    this.pace = pace;
    this.now = now;
  }

  /**
   * All checks.
   *
   * @param holder asks who has the table; may throw {@link CommandFailed}
   * @param results where runs of this machine are kept; empty for a run on AWS
   * @param more what others have checked
   */
  List<Check> checks(
      Supplier<Optional<TableHolder>> holder, Optional<Path> results, List<Check> more) {
    active();
    lease(holder);
    recovery();
    items();
    moves();
    decreases();
    quota();
    results.ifPresent(this::here);
    checks.addAll(more);
    return List.copyOf(checks);
  }

  private void active() {
    var question = "Is the table active, with all its indexes?";
    var busy = new ArrayList<String>();
    if (!table.status().equals("ACTIVE")) {
      busy.add("the table is " + table.status());
    }
    for (IndexFacts index : table.indexes()) {
      index
          .status()
          .filter(status -> !status.equals("ACTIVE"))
          .ifPresent(status -> busy.add("the index " + index.name() + " is " + status));
    }
    checks.add(
        busy.isEmpty()
            ? Check.yes("active", question, "all of them")
            : Check.no(
                "active",
                question,
                String.join(", ", busy) + "; wait until DynamoDB has finished"));
  }

  private void lease(Supplier<Optional<TableHolder>> holder) {
    var question = "Is the table free of other runs?";
    try {
      checks.add(
          holder
              .get()
              .map(
                  held ->
                      Check.no(
                          "lease",
                          question,
                          "the run "
                              + held.holder().runId()
                              + " has it since "
                              + held.holder().since()
                              + " ("
                              + held.state()
                              + "); wait for its end, or see 'godwit status "
                              + held.holder().runId()
                              + "'"))
              .orElseGet(() -> Check.yes("lease", question, "no run has it")));
    } catch (CommandFailed e) {
      checks.add(
          Check.unknown("lease", question, "the ledger cannot be read (" + e.getMessage() + ")"));
    }
  }

  private void recovery() {
    var question = "Can the table be had back as it was (point-in-time recovery)?";
    table
        .recovery()
        .match(
            recovery -> {
              if (!recovery.isOn()) {
                return checks.add(
                    Check.no(RECOVERY, question, "it is off; switch it on" + recoveryCosts()));
              }
              var needed = pace.binding().duration().plus(TO_NOTICE);
              if (recovery.days().isPresent()
                  && Duration.ofDays(recovery.days().getAsInt()).compareTo(needed) < 0) {
                return checks.add(
                    Check.no(
                        RECOVERY,
                        question,
                        "it reaches "
                            + recovery.days().getAsInt()
                            + " days back, and the run alone takes "
                            + PlanWords.time(pace.binding().seconds())
                            + "; let it reach further"));
              }
              return checks.add(
                  Check.yes(
                      RECOVERY,
                      question,
                      "it is on"
                          + recovery
                              .earliest()
                              .map(earliest -> ", back to " + earliest)
                              .orElse("")));
            },
            why -> checks.add(Check.unknown(RECOVERY, question, why)));
  }

  private String recoveryCosts() {
    var month =
        BillLine.of("", Interval.exactly(needs.tableBytes() / 1e9), "", Price.RECOVERY, prices);
    return month
        .dollars()
        .map(dollars -> ", for " + PlanWords.dollars(dollars) + " a month")
        .orElse("");
  }

  private void items() {
    var question = "Would every item of the sample go through?";
    var failed = sample.outcome(Outcome.FAILED).plus(sample.outcome(Outcome.REFUSED));
    if (sample.errors().isEmpty()) {
      checks.add(Check.yes("items", question, "none fails, none is refused"));
      return;
    }
    var errors = new ArrayList<String>();
    sample.errors().forEach((error, count) -> errors.add(count + " with " + error));
    var told =
        String.join(", ", errors)
            + "; in the table "
            + PlanWords.count(failed)
            + ". They stay as they are, on record";
    checks.add(
        request.itemFailuresAllowed() == 0
            ? Check.no(
                "items",
                question,
                told
                    + ", and one fails its segment; mend the transform ('godwit test-transform'), or"
                    + " allow some with --item-failures-allowed")
            : Check.yes("items", question, told + ", as --item-failures-allowed lets them"));
  }

  private void moves() {
    if (table.isStronglyConsistent()) {
      var question = "Does it do without transactions, which this global table refuses?";
      boolean moves = sample.outcome(Outcome.MOVED).estimate() > 0;
      checks.add(
          moves
              ? Check.no(
                  "transactions",
                  question,
                  "items would get other keys, which takes transactions; keep the keys, or move them"
                      + " into another table")
              : Check.yes("transactions", question, "no item of the sample would be moved"));
    }
  }

  private void decreases() {
    if (table.isOnDemand() || request.prewarm().isEmpty()) {
      return;
    }
    var question = "May capacity be lowered again today, after it was raised?";
    int made = table.decreasesToday();
    boolean inTheLastHour =
        table.lastDecrease().filter(at -> at.isAfter(now.minus(Duration.ofHours(1)))).isPresent();
    var told = "lowered " + made + " times today, UTC";
    if (made < FREE_DECREASES || (made < MOST_DECREASES && !inTheLastHour)) {
      checks.add(Check.yes("decreases", question, told));
    } else {
      checks.add(
          Check.no(
              "decreases",
              question,
              told
                  + (made < MOST_DECREASES
                      ? ", last at "
                          + table.lastDecrease().map(Instant::toString).orElse("?")
                          + "; wait an hour, or leave --prewarm out"
                      : "; wait for the next day, or leave --prewarm out")));
    }
  }

  private void quota() {
    request
        .prewarm()
        .ifPresent(
            prewarm -> {
              var question = "Is what --prewarm asks for within a table's quota?";
              boolean fits =
                  prewarm.readUnits() <= Advisor.TABLE_QUOTA
                      && prewarm.writeUnits() <= Advisor.TABLE_QUOTA;
              checks.add(
                  fits
                      ? Check.yes("quota", question, "40,000 each way unless it was raised")
                      : Check.unknown(
                          "quota",
                          question,
                          "more than the 40,000 that a table has by default; see Service Quotas"));
            });
  }

  private void here(Path results) {
    disk(results);
    int java = Runtime.version().feature();
    var question = "Is this Java one that runs have been tried on?";
    checks.add(
        java >= LEAST_JAVA
            ? Check.yes("java", question, "Java " + java)
            : Check.no("java", question, "Java " + java + "; use 17 or later"));
  }

  private void disk(Path results) {
    var question = "Is there room for the run's results?";
    double needed =
        LEAST_BYTES_HERE
            + (double) BYTES_A_SEGMENT_HERE * request.totalSegments()
            + needs.imageBytes().high();
    var told =
        String.format(
            Locale.ROOT, "%%s free in %s, some %s needed", results, PlanWords.bytes(needed));
    try {
      var there = results;
      while (!Files.exists(there) && there.getParent() != null) {
        there = there.getParent();
      }
      double free = Files.getFileStore(there).getUsableSpace();
      checks.add(
          free >= needed
              ? Check.yes("disk", question, String.format(told, PlanWords.bytes(free)))
              : Check.no(
                  "disk",
                  question,
                  String.format(told, PlanWords.bytes(free))
                      + "; make room, or give another folder with --results"));
    } catch (IOException e) {
      checks.add(Check.unknown("disk", question, "nobody knows (" + e + ")"));
    }
  }
}
