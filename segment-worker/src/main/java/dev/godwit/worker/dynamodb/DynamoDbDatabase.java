package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.run.Guard;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.slice.Database;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.ChangeWriter;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** DynamoDB, or anything that speaks its protocol. */
public final class DynamoDbDatabase implements Database, AutoCloseable {
  private final DynamoDbClient client;
  private final WireDynamoDb wire;
  private final TableKeys tableKeys;
  private final Timer timer;
  private final Heard heard;
  private final boolean oneByOne;

  /**
   * A database behind the client that {@code builder} makes; what is tried again is set here.
   *
   * @param oneByOne write guarded changes, and what is put only where nothing is, one to a request,
   *     with UpdateItem and PutItem, instead of 25 with PartiQL
   * @param listener told whether DynamoDB does what it is asked
   */
  public DynamoDbDatabase(DynamoDbClientBuilder builder, boolean oneByOne, PageListener listener) {
    this(builder, oneByOne, listener, Timer.SYSTEM);
  }

  /** As above, but nobody is told. */
  public DynamoDbDatabase(DynamoDbClientBuilder builder, boolean oneByOne) {
    this(builder, oneByOne, PageListener.NONE);
  }

  /** As above, waiting by {@code timer}. */
  public DynamoDbDatabase(
      DynamoDbClientBuilder builder, boolean oneByOne, PageListener listener, Timer timer) {
    this.client =
        builder
            .overrideConfiguration(
                o ->
                    o.retryStrategy(AwsRetryStrategy.doNotRetry())
                        .addExecutionInterceptor(new RawBody()))
            .build();
    this.heard = new Heard(listener);
    var calls = new RetriedCalls(timer, heard);
    this.wire = new WireDynamoDb(client, calls);
    this.tableKeys = new TableKeys(client, calls);
    this.timer = timer;
    this.oneByOne = oneByOne;
  }

  @Override
  public PageSource segment(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pace pace) {
    return heard.of(
        new SegmentPages(wire.until(pace.deadline()), table, segment, totalSegments, filter, pace));
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
        oneByOne ? single : new StatementChangeWriter(until, table, keys, single, limits));
  }

  @Override
  public ActionWriter actions(Deadline deadline) {
    return heard.of(
        new DynamoDbActionWriter(wire.until(deadline), tableKeys.until(deadline), oneByOne));
  }

  @Override
  public void close() {
    client.close();
  }
}
