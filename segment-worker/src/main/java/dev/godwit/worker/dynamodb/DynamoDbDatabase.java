package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.migration.Target;
import dev.godwit.run.Guard;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.page.Access;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.page.Partition;
import dev.godwit.worker.page.ReadAccess;
import dev.godwit.worker.slice.Database;
import dev.godwit.worker.wire.JsonService;
import dev.godwit.worker.wire.RetriedCalls;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.TargetTable;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** DynamoDB, or anything that speaks its protocol. */
public final class DynamoDbDatabase implements Database, AutoCloseable {
  /** Of a request that is not throttled: about a minute. */
  private static final int MOST_TRIES = 10;

  private final JsonService service;
  private final WireDynamoDb wire;
  private final TableKeys tableKeys;
  private final Timer timer;
  private final Heard heard;
  private final boolean oneByOne;

  /**
   * A database behind {@code service}, which is closed with it.
   *
   * @param oneByOne write guarded changes, and what is put only where nothing is, one to a request,
   *     with UpdateItem and PutItem, instead of 25 with PartiQL
   * @param listener told whether DynamoDB does what it is asked
   */
  public DynamoDbDatabase(JsonService service, boolean oneByOne, PageListener listener) {
    this(service, oneByOne, listener, Timer.SYSTEM);
  }

  /** As above, but nobody is told. */
  public DynamoDbDatabase(JsonService service, boolean oneByOne) {
    this(service, oneByOne, PageListener.NONE);
  }

  /** As above, waiting by {@code timer}. */
  public DynamoDbDatabase(
      JsonService service, boolean oneByOne, PageListener listener, Timer timer) {
    this.service = service;
    this.heard = new Heard(listener);
    this.wire = new WireDynamoDb(service, new RetriedCalls(timer, MOST_TRIES, heard::failed));
    this.tableKeys = new TableKeys(wire);
    this.timer = timer;
    this.oneByOne = oneByOne;
  }

  @Override
  public PageSource segment(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
    return segment(Question.scan(table, segment, totalSegments, filter, false), pace);
  }

  @Override
  public PageSource segmentAsWritten(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
    return segment(Question.scan(table, segment, totalSegments, filter, true), pace);
  }

  private PageSource segment(Question question, Pace pace) {
    return read(question, pace, new ReadPages.Learnt());
  }

  @Override
  public ReadAccess readAccess(String table, Optional<String> index, Deadline deadline) {
    return new Found(tableKeys.until(deadline).access(table, index));
  }

  /** A table or an index that is there. */
  private final class Found implements ReadAccess {
    private final Access access;

    Found(Access access) {
      this.access = access;
    }

    @Override
    public Access access() {
      return access;
    }

    @Override
    public PageSource segment(
        int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
      return DynamoDbDatabase.this.segment(
          Question.scan(access, segment, totalSegments, filter), pace);
    }

    @Override
    public Function<Partition, PageSource> partitions(Optional<ScanFilter> filter, Pace pace) {
      var learnt = new ReadPages.Learnt();
      return partition -> read(Question.query(access, partition, filter), pace, learnt);
    }
  }

  private PageSource read(Question question, Pace pace, ReadPages.Learnt learnt) {
    return heard.of(new ReadPages(wire.until(pace.deadline()), question, pace, learnt));
  }

  @Override
  public PageSource items(String table, List<Item> keys, Pace pace) {
    return heard.of(new KeyedPages(wire.until(pace.deadline()), table, keys, pace, timer));
  }

  @Override
  public ChangeWriter changes(String table, List<String> keys, Guard guard, Deadline deadline) {
    var until = wire.until(deadline);
    var limits = tableKeys.until(deadline).limitsLater(table);
    var single = new SingleChangeWriter(until, table, keys, limits);
    if (guard instanceof Guard.None) {
      return heard.of(new PlainChangeWriter(until, table, keys, single, limits));
    }
    return heard.of(
        oneByOne ? single : new StatementChangeWriter(until, table, keys, single, limits, timer));
  }

  @Override
  public TargetTable target(Target target, Deadline deadline) {
    var until = wire.until(deadline);
    var table = tableKeys.until(deadline).now(target.tableName());
    return new TargetTable(
        target,
        table.keys(),
        table.limits(),
        heard.of(
            new TargetWriter(
                until, target.tableName(), table.keys(), target.put(), table.limits(), oneByOne)));
  }

  @Override
  public ActionWriter actions(Deadline deadline) {
    return heard.of(
        new DynamoDbActionWriter(wire.until(deadline), tableKeys.until(deadline), oneByOne));
  }

  /** Where this reads rate documents: in ledgers beside its tables. */
  public RateSource rates() {
    return new LedgerRates(service);
  }

  @Override
  public void close() {
    service.close();
  }
}
