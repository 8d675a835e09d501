package dev.godwit.cli.ledger;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.run.ledger.ByHandItem;
import dev.godwit.run.ledger.CanaryItem;
import dev.godwit.run.ledger.HistoryItem;
import dev.godwit.run.ledger.LeaseItem;
import dev.godwit.run.ledger.LedgerKey;
import dev.godwit.run.ledger.MigrationState;
import dev.godwit.run.ledger.RateItem;
import dev.godwit.run.ledger.RunItem;
import dev.godwit.run.ledger.Slowdown;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * A ledger, as {@code docs/ledger.md} describes it: read, and written where a run's life goes on
 * from here, which is when its table is taken again or given back. A ledger that is not there is an
 * empty one.
 *
 * <p>Each write is a condition on the lease's fence as it was read, so it happens to the ledger
 * that its caller has seen, or not at all. One transaction has the lease and the run's record: of
 * the two never one alone is written.
 *
 * <p>Every method throws {@link CommandFailed} when the ledger does not answer.
 */
public final class Ledger {
  /** As {@code settle-run} writes the end of a run. */
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  /** What of a run's record has a name that expressions may not say. */
  private static final Map<String, String> RESERVED =
      Map.of("#status", RunItem.STATUS, "#error", RunItem.ERROR);

  private final DynamoDbClient client;
  private final String table;

  /**
   * @param client closed by who made it
   * @param table the ledger's name
   */
  public Ledger(DynamoDbClient client, String table) {
    this.client = client;
    this.table = table;
  }

  /** Whether it is the same ledger, reached in the same way. */
  @Override
  public boolean equals(Object other) {
    return other instanceof Ledger ledger && ledger.client == client && ledger.table.equals(table);
  }

  @Override
  public int hashCode() {
    return table.hashCode();
  }

  /** The ledger's name. */
  public String table() {
    return table;
  }

  /**
   * What is known of {@code runId}; empty if it never opened.
   *
   * @throws CommandFailed also when the ledger has only half a record of it
   */
  public Optional<RunRecord> run(String runId) {
    return item(LedgerKey.run(runId))
        .map(
            item -> {
              var missing = RunItems.missing(item);
              if (!missing.isEmpty()) {
                throw new CommandFailed(
                    ExitCode.UNREACHABLE,
                    "The ledger, table "
                        + table
                        + ", has only half a record of the run "
                        + runId
                        + ": it lacks "
                        + String.join(", ", missing)
                        + ". It was replaced or restored while the run went on, or somebody has"
                        + " written to it");
              }
              return RunItems.record(runId, item);
            });
  }

  /** What is known of {@code runId}; empty also when that is only half a record. */
  public Optional<RunRecord> wholeRun(String runId) {
    return item(LedgerKey.run(runId))
        .filter(item -> RunItems.missing(item).isEmpty())
        .map(item -> RunItems.record(runId, item));
  }

  /**
   * All runs of a ledger.
   *
   * @param whole newest first
   * @param halves the ids of those of which the ledger has only half a record
   */
  public record Runs(List<RunRecord> whole, List<String> halves) {
    public Runs {
      whole = List.copyOf(whole);
      halves = List.copyOf(halves);
    }
  }

  /** All runs. Reads the whole ledger, which has an item or two for each run. */
  public Runs runs() {
    return asking(
        () -> {
          var whole = new ArrayList<RunRecord>();
          var halves = new ArrayList<String>();
          for (var page :
              client.scanPaginator(
                  scan ->
                      scan.tableName(table)
                          .filterExpression("sk = :run")
                          .expressionAttributeValues(Map.of(":run", text(LedgerKey.RUN))))) {
            for (var item : page.items()) {
              var runId = LedgerKey.runId(RunItems.string(item, LedgerKey.PARTITION));
              if (RunItems.missing(item).isEmpty()) {
                whole.add(RunItems.record(runId, item));
              } else {
                halves.add(runId);
              }
            }
          }
          whole.sort(Comparator.comparing(RunRecord::startedAt).reversed());
          return new Runs(whole, halves);
        },
        new Runs(List.of(), List.of()));
  }

  /** How fast {@code runId} may go at present, and who has changed that. */
  public RunRate rate(String runId) {
    return asking(
        () -> {
          var rate = Optional.<Map<String, AttributeValue>>empty();
          var changes = new ArrayList<RunRate.Change>();
          for (var page :
              client.queryPaginator(
                  query ->
                      query
                          .tableName(table)
                          .consistentRead(true)
                          .keyConditionExpression("pk = :run AND begins_with(sk, :rate)")
                          .expressionAttributeValues(
                              Map.of(
                                  ":run", text(LedgerKey.rate(runId).partition()),
                                  ":rate", text(LedgerKey.RATE))))) {
            for (var item : page.items()) {
              if (RunItems.string(item, LedgerKey.SORT).equals(LedgerKey.RATE)) {
                rate = Optional.of(item);
              } else {
                changes.add(
                    new RunRate.Change(
                        RunItems.string(item, RateItem.CHANGE),
                        RunItems.string(item, RateItem.BY),
                        RunItems.string(item, RateItem.AT),
                        new RunRate.Budgets(
                            units(item, RateItem.READ_UNITS_PER_SECOND),
                            units(item, RateItem.WRITE_UNITS_PER_SECOND))));
              }
            }
          }
          return rate.map(item -> rate(item, changes)).orElse(RunRate.AS_ASKED);
        },
        RunRate.AS_ASKED);
  }

  /** What the canary of {@code runId} has come to. */
  public CanaryCount canary(String runId) {
    return item(LedgerKey.canary(runId))
        .map(
            item -> {
              var segments = item.get(CanaryItem.SEGMENTS);
              return new CanaryCount(
                  segments == null ? 0 : segments.ns().size(),
                  RunItems.whole(item, CanaryItem.SCANNED),
                  RunItems.whole(item, CanaryItem.WRITTEN),
                  RunItems.whole(item, CanaryItem.FAILED),
                  RunItems.whole(item, CanaryItem.CONFLICTS),
                  RunItems.whole(item, CanaryItem.THROTTLES),
                  RunItems.whole(item, CanaryItem.GROWTH_BYTES),
                  RunItems.whole(item, CanaryItem.CHECKED),
                  RunItems.whole(item, CanaryItem.AGAIN));
            })
        .orElse(CanaryCount.NOTHING);
  }

  private static RunRate rate(Map<String, AttributeValue> item, List<RunRate.Change> changes) {
    var paused = item.get(RateItem.PAUSED);
    return new RunRate(
        units(item, RateItem.READ_UNITS_PER_SECOND),
        units(item, RateItem.WRITE_UNITS_PER_SECOND),
        units(item, RateItem.MAX_CONCURRENCY),
        units(item, RateItem.AT_ONCE),
        paused != null && Boolean.TRUE.equals(paused.bool()),
        RunItems.text(item, RateItem.ALARM_HOLD),
        RunItems.whole(item, RateItem.REVISION),
        changes,
        slowed(item, RateItem.READS_SLOWED),
        slowed(item, RateItem.WRITES_SLOWED));
  }

  private static Optional<RunRate.Slowed> slowed(Map<String, AttributeValue> item, String name) {
    long times = RunItems.whole(item, name);
    if (times == 0) {
      return Optional.empty();
    }
    var to = item.get(name + RateItem.SLOWED_TO);
    return Optional.of(
        new RunRate.Slowed(
            new Slowdown(
                times,
                to == null ? OptionalDouble.empty() : OptionalDouble.of(Double.parseDouble(to.n())),
                Slowdown.Limit.named(RunItems.string(item, name + RateItem.SLOWED_FOR))),
            Instant.parse(RunItems.string(item, name + RateItem.SLOWED_AT))));
  }

  private static OptionalInt units(Map<String, AttributeValue> item, String name) {
    long units = RunItems.whole(item, name);
    return units > 0 ? OptionalInt.of((int) units) : OptionalInt.empty();
  }

  /**
   * Changes how fast a run may go, on the condition that its books are open and that nobody has
   * changed that since it was read. The document and who changed it are written together or not at
   * all; the counts of finished segments in the document are left alone.
   *
   * @param seen as read before
   * @param next how it is to be
   * @return false when somebody was faster; nothing was changed
   * @throws CommandFailed when the run's books are closed; nothing was changed
   */
  public boolean changeRate(RunRecord run, RunRate seen, RunRate next, RunRate.Change change) {
    var values = new HashMap<String, AttributeValue>();
    values.put(":paused", AttributeValue.fromBool(next.paused()));
    values.put(":next", number(next.revision()));
    values.put(":seen", number(seen.revision()));
    values.put(":by", text(change.by()));
    values.put(":at", text(change.at()));
    var update = new StringBuilder("SET paused = :paused, revision = :next, #by = :by, #at = :at");
    if (next.paused() != seen.paused() || !next.hold().equals(seen.hold())) {
      update.append(", pausedBy = :by");
    }
    next.readUnitsPerSecond()
        .ifPresent(
            units -> {
              update.append(", readUnitsPerSecond = :read");
              values.put(":read", number(units));
            });
    next.writeUnitsPerSecond()
        .ifPresent(
            units -> {
              update.append(", writeUnitsPerSecond = :write");
              values.put(":write", number(units));
            });
    next.maxConcurrency()
        .ifPresent(
            many -> {
              update.append(", maxConcurrency = :concurrency");
              values.put(":concurrency", number(many));
            });
    next.atOnce()
        .ifPresent(
            many -> {
              update.append(", atOnce = :atOnce");
              values.put(":atOnce", number(many));
            });
    if (next.hold().isPresent() && !next.hold().equals(seen.hold())) {
      update.append(", alarmHold = :hold");
      values.put(":hold", text(next.hold().get()));
    } else if (next.hold().isEmpty() && seen.hold().isPresent()) {
      update.append(" REMOVE alarmHold");
    }
    var changed = new HashMap<>(key(LedgerKey.change(run.runId(), next.revision())));
    changed.put(RateItem.CHANGE, text(change.what()));
    changed.put(RateItem.BY, text(change.by()));
    changed.put(RateItem.AT, text(change.at()));
    change
        .budgets()
        .readUnitsPerSecond()
        .ifPresent(units -> changed.put(RateItem.READ_UNITS_PER_SECOND, number(units)));
    change
        .budgets()
        .writeUnitsPerSecond()
        .ifPresent(units -> changed.put(RateItem.WRITE_UNITS_PER_SECOND, number(units)));
    try {
      write(
          TransactWriteItem.builder()
              .conditionCheck(
                  check ->
                      check
                          .tableName(table)
                          .key(key(LedgerKey.run(run.runId())))
                          .conditionExpression("executionArn = :me AND #status = :running")
                          .expressionAttributeNames(Map.of("#status", RunItem.STATUS))
                          .expressionAttributeValues(
                              Map.of(":me", text(run.executionArn()), ":running", text("RUNNING"))))
              .build(),
          TransactWriteItem.builder()
              .update(
                  one ->
                      one.tableName(table)
                          .key(key(LedgerKey.rate(run.runId())))
                          .updateExpression(update.toString())
                          .conditionExpression(is(RateItem.REVISION, seen.revision(), ":seen"))
                          .expressionAttributeNames(Map.of("#by", RateItem.BY, "#at", RateItem.AT))
                          .expressionAttributeValues(values))
              .build(),
          TransactWriteItem.builder().put(one -> one.tableName(table).item(changed)).build());
      return true;
    } catch (TransactionCanceledException e) {
      if (e.hasCancellationReasons()
          && "ConditionalCheckFailed".equals(e.cancellationReasons().get(0).code())) {
        throw new CommandFailed(
            ExitCode.BAD_USAGE,
            "The run " + run.runId() + " has ended meanwhile; nothing was changed",
            e);
      }
      return false; // somebody was faster, or a segment was counted just then
    } catch (SdkException e) {
      // The answer may be lost, and the change made.
      if (!isChangedBy(run, next, change)) {
        throw unreadable(e);
      }
      return true;
    }
  }

  private boolean isChangedBy(RunRecord run, RunRate next, RunRate.Change change) {
    var changes = rate(run.runId()).changes();
    return changes.size() >= next.revision()
        && changes.get((int) next.revision() - 1).equals(change);
  }

  /** Who may migrate {@code tableName}. */
  public Lease lease(String tableName) {
    return item(LedgerKey.lease(tableName)).map(Ledger::lease).orElse(Lease.NEVER_TAKEN);
  }

  private static Lease lease(Map<String, AttributeValue> item) {
    return new Lease(
        RunItems.whole(item, LeaseItem.FENCE),
        RunItems.text(item, LeaseItem.EXECUTION_ARN)
            .map(
                arn ->
                    new Lease.Holder(
                        RunItems.string(item, LeaseItem.RUN_ID),
                        arn,
                        RunItems.string(item, LeaseItem.SINCE))));
  }

  /** How migrations stand on {@code tableName}, oldest first. */
  public List<HistoryEntry> history(String tableName) {
    return items(tableName, LedgerKey.MIGRATION_PREFIX).stream()
        .map(this::entry)
        .sorted(Comparator.comparing(HistoryEntry::at))
        .toList();
  }

  /** What was done by hand to the history of {@code tableName}, oldest first. */
  public List<ByHandEntry> byHand(String tableName) {
    return items(tableName, LedgerKey.BY_HAND_PREFIX).stream()
        .map(
            item ->
                HistoryByHand.entry(
                    item,
                    Optional.ofNullable(item.get(ByHandItem.BEFORE))
                        .map(before -> entry(before.m()))))
        .sorted(Comparator.comparing(ByHandEntry::at))
        .toList();
  }

  /** What may be done by hand to the history of {@code tableName}. */
  public HistoryByHand historyByHand(String tableName) {
    return new HistoryByHand(client, table, tableName);
  }

  /** The exports of {@code tableName} to S3. */
  public ExportBooks exports(String tableName) {
    return new ExportBooks(client, table, tableName);
  }

  private List<Map<String, AttributeValue>> items(String tableName, String sortPrefix) {
    return asking(
        () ->
            client
                .queryPaginator(
                    query ->
                        query
                            .tableName(table)
                            .consistentRead(true)
                            .keyConditionExpression("pk = :table AND begins_with(sk, :prefix)")
                            .expressionAttributeValues(
                                Map.of(
                                    ":table", text(LedgerKey.lease(tableName).partition()),
                                    ":prefix", text(sortPrefix))))
                .items()
                .stream()
                .toList(),
        List.of());
  }

  private HistoryEntry entry(Map<String, AttributeValue> item) {
    var migration = RunItems.string(item, HistoryItem.MIGRATION);
    var state = RunItems.string(item, HistoryItem.STATE);
    try {
      MigrationState.of(state);
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(
          ExitCode.UNREACHABLE,
          "The ledger, table "
              + table
              + ", has the migration "
              + migration
              + " as \""
              + state
              + "\", which this version of Godwit does not know; use the one that wrote it",
          e);
    }
    return new HistoryEntry(
        migration,
        state,
        RunItems.string(item, HistoryItem.RUN_ID),
        RunItems.string(item, HistoryItem.AT),
        RunItems.whole(item, HistoryItem.FAILED),
        RunItems.text(item, HistoryItem.CODE));
  }

  /**
   * A table taken for a run.
   *
   * @param before the run's record as it was
   * @param fence the lease's and the run's since
   */
  public record Taken(RunRecord before, long fence) {}

  /**
   * The code that a run goes on with.
   *
   * @param digest of its migration's code
   * @param version of the worker that has it
   */
  public record Code(String digest, String version) {}

  /**
   * Takes the table for a run that is about to be redriven: calls it RUNNING, and the next ending
   * that will settle it the one after {@code redrives} redrives.
   *
   * @param run as read before
   * @param seen the lease as read before
   * @param code what the run goes on with from now on; empty for the code that it has
   * @throws CommandFailed when another run holds the table, or somebody was faster; nothing was
   *     changed
   */
  public Taken takeToRedrive(
      RunRecord run, Lease seen, int redrives, Optional<Code> code, Instant now) {
    var values = new HashMap<String, AttributeValue>();
    values.put(":running", text("RUNNING"));
    values.put(":redrives", number(redrives));
    code.ifPresent(
        accepted -> {
          values.put(":code", text(accepted.digest()));
          values.put(":version", text(accepted.version()));
        });
    return take(
        run,
        seen,
        now,
        ", #status = :running, redrives = :redrives"
            + (code.isPresent() ? ", code = :code, workerVersion = :version" : "")
            + " REMOVE endedAt, #error, cause",
        values);
  }

  /**
   * Takes the table, for a run that holds it, from whoever may still settle that run: to do so
   * oneself.
   *
   * @throws CommandFailed when somebody was faster; nothing was changed
   */
  public Taken takeToSettle(RunRecord run, Lease seen, Instant now) {
    return take(run, seen, now, "", Map.of());
  }

  private Taken take(
      RunRecord run, Lease seen, Instant now, String change, Map<String, AttributeValue> more) {
    long fence = seen.fence() + 1;
    var leased = new HashMap<String, AttributeValue>();
    leased.put(":run", text(run.runId()));
    leased.put(":me", text(run.executionArn()));
    leased.put(":since", text(now.toString()));
    leased.put(":next", number(fence));
    leased.put(":seen", number(seen.fence()));
    var recorded = new HashMap<>(more);
    recorded.put(":me", text(run.executionArn()));
    recorded.put(":next", number(fence));
    recorded.put(":was", number(run.fence()));
    recorded.put(":stood", text(run.status()));
    try {
      write(
          TransactWriteItem.builder()
              .update(
                  update ->
                      update
                          .tableName(table)
                          .key(key(LedgerKey.lease(run.tableName())))
                          .updateExpression(
                              "SET runId = :run, executionArn = :me, since = :since, fence = :next")
                          .conditionExpression(
                              "(attribute_not_exists(executionArn) OR executionArn = :me) AND "
                                  + is("fence", seen.fence(), ":seen"))
                          .expressionAttributeValues(leased))
              .build(),
          TransactWriteItem.builder()
              .update(
                  update ->
                      update
                          .tableName(table)
                          .key(key(LedgerKey.run(run.runId())))
                          .updateExpression("SET fence = :next" + change)
                          // Who closes the books leaves the fence as it is.
                          .conditionExpression(
                              "executionArn = :me AND #status = :stood AND "
                                  + is("fence", run.fence(), ":was"))
                          .expressionAttributeNames(
                              change.isEmpty() ? Map.of("#status", RunItem.STATUS) : RESERVED)
                          .expressionAttributeValues(recorded))
              .build());
    } catch (TransactionCanceledException e) {
      if (!isTakenBy(run, fence, now)) {
        throw refused(run, e);
      }
    } catch (SdkException e) {
      // The answer may be lost, and the table taken.
      if (!isTakenBy(run, fence, now)) {
        throw unreadable(e);
      }
    }
    return new Taken(run, fence);
  }

  /** Whether it was this very taking that came through: no other has its instant. */
  private boolean isTakenBy(RunRecord run, long fence, Instant since) {
    var now = lease(run.tableName());
    return now.fence() == fence
        && now.holder()
            .equals(
                Optional.of(new Lease.Holder(run.runId(), run.executionArn(), since.toString())));
  }

  private CommandFailed refused(RunRecord run, TransactionCanceledException e) {
    var holder =
        lease(run.tableName())
            .holder()
            .filter(held -> !held.executionArn().equals(run.executionArn()));
    return new CommandFailed(
        ExitCode.BAD_USAGE,
        holder
            .map(
                held ->
                    "The table "
                        + run.tableName()
                        + " is held by the run "
                        + held.runId()
                        + " since "
                        + held.since()
                        + "; nothing was changed. Wait for its end, or 'godwit stop "
                        + held.runId()
                        + "', then redrive "
                        + run.runId())
            .orElse(
                "The run "
                    + run.runId()
                    + " is being redriven, stopped or settled by somebody else just now; nothing was"
                    + " changed. Look at it: 'godwit status "
                    + run.runId()
                    + "'"),
        e);
  }

  /**
   * Undoes {@link #takeToRedrive}, for a redrive that did not come about: all is as it was, but the
   * fence. Does nothing if somebody has taken the table since.
   *
   * @return whether it was given back
   */
  public boolean giveBack(Taken taken) {
    var run = taken.before();
    var fence = Map.of(":fence", number(taken.fence()));
    var was = new HashMap<>(fence);
    was.put(":me", text(run.executionArn()));
    was.put(":redrives", number(run.redrives()));
    was.put(":was", text(run.status()));
    was.put(":ended", text(run.endedAt().map(MILLISECONDS::format).orElse("")));
    was.put(":error", text(run.error().orElse("")));
    was.put(":cause", text(run.cause().orElse("")));
    var more = new StringBuilder();
    run.code().ifPresent(code -> put(was, more, "code", code));
    run.workerVersion().ifPresent(version -> put(was, more, "workerVersion", version));
    if (run.workerVersion().isEmpty()) {
      more.append(" REMOVE workerVersion");
    }
    var asItWas =
        Update.builder()
            .tableName(table)
            .key(key(LedgerKey.run(run.runId())))
            .updateExpression(
                "SET #status = :was, redrives = :redrives, endedAt = :ended, #error = :error, cause = :cause"
                    + more)
            .conditionExpression("executionArn = :me AND fence = :fence")
            .expressionAttributeNames(RESERVED)
            .expressionAttributeValues(was)
            .build();
    // One that was open before held its table before, and does still.
    var change = run.isOpen() ? "SET fence = :fence" : "REMOVE runId, executionArn, since";
    var lease =
        TransactWriteItem.builder()
            .update(
                update ->
                    update
                        .tableName(table)
                        .key(key(LedgerKey.lease(run.tableName())))
                        .updateExpression(change)
                        .conditionExpression("fence = :fence")
                        .expressionAttributeValues(fence));
    try {
      write(TransactWriteItem.builder().update(asItWas).build(), lease.build());
      return true;
    } catch (TransactionCanceledException e) {
      return false;
    } catch (SdkException e) {
      throw unreadable(e);
    }
  }

  /**
   * Frees a table whose holder has no books to close.
   *
   * @param seen as read before
   * @return false when it is another lease by now, which is left alone
   */
  public boolean free(String tableName, Lease seen) {
    try {
      client.updateItem(
          update ->
              update
                  .tableName(table)
                  .key(key(LedgerKey.lease(tableName)))
                  .updateExpression("SET fence = :next REMOVE runId, executionArn, since")
                  .conditionExpression(
                      "executionArn = :holder AND " + is("fence", seen.fence(), ":seen"))
                  .expressionAttributeValues(
                      Map.of(
                          ":next",
                          number(seen.fence() + 1),
                          ":seen",
                          number(seen.fence()),
                          ":holder",
                          text(seen.holder().map(Lease.Holder::executionArn).orElse("")))));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    } catch (SdkException e) {
      throw unreadable(e);
    }
  }

  private static void put(
      Map<String, AttributeValue> values, StringBuilder update, String attribute, String value) {
    update.append(", ").append(attribute).append(" = :").append(attribute);
    values.put(":" + attribute, text(value));
  }

  private void write(TransactWriteItem... items) {
    client.transactWriteItems(transaction -> transaction.transactItems(items));
  }

  /** A fence of 0 may be one that was never written. */
  private static String is(String attribute, long value, String placeholder) {
    var equal = attribute + " = " + placeholder;
    return value == 0 ? "(attribute_not_exists(" + attribute + ") OR " + equal + ")" : equal;
  }

  private Optional<Map<String, AttributeValue>> item(LedgerKey key) {
    return asking(
        () ->
            Optional.of(
                    client
                        .getItem(get -> get.tableName(table).key(key(key)).consistentRead(true))
                        .item())
                .filter(item -> !item.isEmpty()),
        Optional.empty());
  }

  private <T> T asking(Supplier<T> question, T whenThereIsNone) {
    try {
      return question.get();
    } catch (ResourceNotFoundException e) {
      return whenThereIsNone;
    } catch (SdkException e) {
      throw unreadable(e);
    }
  }

  private CommandFailed unreadable(SdkException e) {
    return new CommandFailed(
        ExitCode.UNREACHABLE,
        "The ledger, table "
            + table
            + ", cannot be read or written ("
            + e.getMessage()
            + "); check the endpoint, the region and the credentials",
        e);
  }

  private static Map<String, AttributeValue> key(LedgerKey key) {
    return Map.of(LedgerKey.PARTITION, text(key.partition()), LedgerKey.SORT, text(key.sort()));
  }

  private static AttributeValue text(String value) {
    return AttributeValue.builder().s(value).build();
  }

  private static AttributeValue number(long value) {
    return AttributeValue.builder().n(Long.toString(value)).build();
  }
}
