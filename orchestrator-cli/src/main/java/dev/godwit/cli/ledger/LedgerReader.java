package dev.godwit.cli.ledger;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.ledger.HistoryItem;
import dev.godwit.run.ledger.LeaseItem;
import dev.godwit.run.ledger.LedgerKey;
import dev.godwit.run.ledger.RunItem;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Reads a ledger, as {@code docs/ledger.md} describes it, and writes the one thing that is written
 * from here: the lease, of a run that is redriven or has no record. A ledger that is not there is
 * an empty one.
 */
public final class LedgerReader {
  /** The table's number stays. */
  private static final String FREE = "REMOVE runId, executionArn, since";

  /** As {@code settle-run} writes the end of a run: it compares two as text. */
  private static final DateTimeFormatter MILLISECONDS =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

  private final DynamoDbClient client;
  private final String table;

  /**
   * @param client closed by who made it
   * @param table the ledger's name
   */
  public LedgerReader(DynamoDbClient client, String table) {
    this.client = client;
    this.table = table;
  }

  /**
   * What is known of {@code runId}; empty if it never opened.
   *
   * @throws CommandFailed when the ledger cannot be read, as all methods here do
   */
  public Optional<RunRecord> run(String runId) {
    return item(LedgerKey.run(runId)).map(LedgerReader::record);
  }

  /** All runs, newest first. Reads the whole ledger, which has an item or two for each run. */
  public List<RunRecord> runs() {
    return asking(
        () -> {
          var runs = new ArrayList<RunRecord>();
          for (var page :
              client.scanPaginator(
                  scan ->
                      scan.tableName(table)
                          .filterExpression("sk = :run")
                          .expressionAttributeValues(Map.of(":run", text(LedgerKey.RUN))))) {
            page.items().forEach(item -> runs.add(record(item)));
          }
          runs.sort(java.util.Comparator.comparing(RunRecord::startedAt).reversed());
          return List.copyOf(runs);
        },
        List.of());
  }

  /** Who holds {@code tableName}. */
  public Optional<Lease> lease(String tableName) {
    return item(LedgerKey.lease(tableName))
        .filter(item -> item.containsKey(LeaseItem.EXECUTION_ARN)) // a free table keeps its number
        .map(
            item ->
                new Lease(
                    string(item, LeaseItem.RUN_ID),
                    string(item, LeaseItem.EXECUTION_ARN),
                    string(item, LeaseItem.SINCE)));
  }

  /** How migrations stand on {@code tableName}, oldest first. */
  public List<HistoryEntry> history(String tableName) {
    return asking(
        () -> {
          var entries = new ArrayList<HistoryEntry>();
          for (var page :
              client.queryPaginator(
                  query ->
                      query
                          .tableName(table)
                          .consistentRead(true)
                          .keyConditionExpression("pk = :table AND begins_with(sk, :migration)")
                          .expressionAttributeValues(
                              Map.of(
                                  ":table", text(LedgerKey.lease(tableName).partition()),
                                  ":migration", text(LedgerKey.MIGRATION_PREFIX))))) {
            page.items()
                .forEach(
                    item ->
                        entries.add(
                            new HistoryEntry(
                                string(item, HistoryItem.MIGRATION),
                                string(item, HistoryItem.STATE),
                                string(item, HistoryItem.RUN_ID),
                                string(item, HistoryItem.AT),
                                Math.round(number(item.get(HistoryItem.FAILED))))));
          }
          entries.sort(java.util.Comparator.comparing(HistoryEntry::at));
          return List.copyOf(entries);
        },
        List.of());
  }

  /**
   * Takes the table for {@code run} again and calls the run RUNNING, both or neither: what must
   * come before it is redriven. A lease that is its own already stays its own.
   *
   * @throws CommandFailed when another run holds the table; nothing was changed
   */
  public void takeAgain(RunRecord run, Instant now) {
    long seen = fence(run.tableName());
    try {
      client.transactWriteItems(
          write ->
              write.transactItems(
                  TransactWriteItem.builder().update(taken(run, now, seen)).build(),
                  TransactWriteItem.builder().update(running(run, seen + 1)).build()));
    } catch (TransactionCanceledException e) {
      var holder = lease(run.tableName());
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          holder
              .map(
                  lease ->
                      "The table "
                          + run.tableName()
                          + " is held by the run "
                          + lease.runId()
                          + " since "
                          + lease.since()
                          + "; nothing was changed. Wait for its end, or 'godwit stop "
                          + lease.runId()
                          + "', then redrive "
                          + run.runId())
              .orElse(
                  "The ledger changed while the table was being taken; nothing was changed. Try again"),
          e);
    } catch (SdkException e) {
      throw unreadable(e);
    }
  }

  /** Undoes {@link #takeAgain}, for a redrive that was refused: the run ended as it had. */
  public void giveBack(RunRecord run) {
    var was = new HashMap<String, AttributeValue>();
    was.put(":was", text(run.status()));
    was.put(":ended", text(run.endedAt().map(MILLISECONDS::format).orElse("")));
    was.put(":error", text(run.error().orElse("")));
    was.put(":cause", text(run.cause().orElse("")));
    was.put(":execution", text(run.executionArn()));
    was.put(":one", number(1));
    try {
      client.transactWriteItems(
          write ->
              write.transactItems(
                  TransactWriteItem.builder().update(freed(run)).build(),
                  TransactWriteItem.builder()
                      .update(
                          update ->
                              update
                                  .tableName(table)
                                  .key(key(LedgerKey.run(run.runId())))
                                  .updateExpression(
                                      "SET #status = :was, endedAt = :ended, #error = :error, cause = :cause,"
                                          + " redrives = redrives - :one")
                                  .conditionExpression("executionArn = :execution")
                                  .expressionAttributeNames(
                                      Map.of("#status", "status", "#error", "error"))
                                  .expressionAttributeValues(was))
                      .build()));
    } catch (SdkException e) {
      throw unreadable(e);
    }
  }

  /**
   * Removes {@code lease}, if it is still the very one: for a lease whose run has no record.
   *
   * @return whether it was
   */
  public boolean remove(String tableName, Lease lease) {
    try {
      client.updateItem(
          update ->
              update
                  .tableName(table)
                  .key(key(LedgerKey.lease(tableName)))
                  .updateExpression(FREE)
                  .conditionExpression("executionArn = :execution AND since = :since")
                  .expressionAttributeValues(
                      Map.of(
                          ":execution", text(lease.executionArn()),
                          ":since", text(lease.since()))));
      return true;
    } catch (ConditionalCheckFailedException e) {
      return false;
    } catch (SdkException e) {
      throw unreadable(e);
    }
  }

  private long fence(String tableName) {
    return item(LedgerKey.lease(tableName))
        .map(item -> Math.round(number(item.get("fence"))))
        .orElse(0L);
  }

  private Update taken(RunRecord run, Instant now, long seen) {
    return Update.builder()
        .tableName(table)
        .key(key(LedgerKey.lease(run.tableName())))
        .updateExpression(
            "SET runId = :run, executionArn = :execution, since = :now, fence = :next")
        .conditionExpression(
            "(attribute_not_exists(executionArn) OR executionArn = :execution)"
                + " AND (attribute_not_exists(fence) OR fence = :seen)")
        .expressionAttributeValues(
            Map.of(
                ":run", text(run.runId()),
                ":execution", text(run.executionArn()),
                ":now", text(now.toString()),
                ":seen", number(seen),
                ":next", number(seen + 1)))
        .build();
  }

  private Update running(RunRecord run, long fence) {
    return Update.builder()
        .tableName(table)
        .key(key(LedgerKey.run(run.runId())))
        .updateExpression(
            "SET #status = :running, fence = :fence, redrives = if_not_exists(redrives, :none) + :one"
                + " REMOVE endedAt, #error, cause")
        .conditionExpression("executionArn = :execution")
        .expressionAttributeNames(Map.of("#status", "status", "#error", "error"))
        .expressionAttributeValues(
            Map.of(
                ":running", text("RUNNING"),
                ":execution", text(run.executionArn()),
                ":fence", number(fence),
                ":none", number(0),
                ":one", number(1)))
        .build();
  }

  private Update freed(RunRecord run) {
    return Update.builder()
        .tableName(table)
        .key(key(LedgerKey.lease(run.tableName())))
        .updateExpression(FREE)
        .conditionExpression("executionArn = :execution")
        .expressionAttributeValues(Map.of(":execution", text(run.executionArn())))
        .build();
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

  private static Map<String, AttributeValue> key(LedgerKey key) {
    return Map.of(LedgerKey.PARTITION, text(key.partition()), LedgerKey.SORT, text(key.sort()));
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

  private static RunRecord record(Map<String, AttributeValue> item) {
    return new RunRecord(
        string(item, RunItem.RUN_ID),
        string(item, RunItem.TABLE_NAME),
        string(item, RunItem.MIGRATION),
        string(item, RunItem.EXECUTION_ARN),
        string(item, RunItem.REQUEST),
        string(item, RunItem.STATUS),
        Instant.parse(string(item, RunItem.STARTED_AT)),
        found(item, RunItem.ENDED_AT).map(Instant::parse),
        found(item, RunItem.ERROR),
        found(item, RunItem.CAUSE),
        Math.round(number(item.get(RunItem.SLICES))),
        tally(item),
        found(item, RunItem.CAPACITY_BEFORE),
        found(item, RunItem.CAPACITY_NOT_RESTORED));
  }

  private static Tally tally(Map<String, AttributeValue> item) {
    var sum = new Tally.Sum();
    for (Counter counter : Counter.values()) {
      sum.add(counter, number(item.get(counter.field())));
    }
    return sum.total();
  }

  private static double number(@Nullable AttributeValue value) {
    return value == null || value.n() == null ? 0 : Double.parseDouble(value.n());
  }

  private static String string(Map<String, AttributeValue> item, String name) {
    return found(item, name).orElse("");
  }

  private static Optional<String> found(Map<String, AttributeValue> item, String name) {
    return Optional.ofNullable(item.get(name)).map(AttributeValue::s).filter(s -> !s.isEmpty());
  }

  private static AttributeValue number(long value) {
    return AttributeValue.builder().n(Long.toString(value)).build();
  }

  private static AttributeValue text(String value) {
    return AttributeValue.builder().s(value).build();
  }
}
