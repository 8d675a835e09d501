package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Item;
import dev.godwit.migration.ScanFilter;
import dev.godwit.run.Guard;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.page.PageSource;
import dev.godwit.worker.slice.Database;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.ChangeWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/** DynamoDB, or anything that speaks its protocol. */
public final class DynamoDbDatabase implements Database, AutoCloseable {
  /** Of one request, its first try included: with the waits below, about a minute. */
  private static final int MOST_TRIES = 10;

  private static final Duration FIRST_WAIT = Duration.ofMillis(50);
  private static final Duration FIRST_WAIT_THROTTLED = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);

  private final DynamoDbClient client;
  private final WireDynamoDb wire;
  private final ActionWriter actions;
  private final boolean oneByOne;

  /**
   * A database behind the client that {@code builder} makes; its retries are set here.
   *
   * @param oneByOne write guarded changes, and what is put only where nothing is, one to a request,
   *     with UpdateItem and PutItem, instead of 25 with PartiQL
   */
  public DynamoDbDatabase(DynamoDbClientBuilder builder, boolean oneByOne) {
    var retries =
        StandardRetryStrategy.builder()
            .maxAttempts(MOST_TRIES)
            .backoffStrategy(BackoffStrategy.exponentialDelay(FIRST_WAIT, LONGEST_WAIT))
            .throttlingBackoffStrategy(
                BackoffStrategy.exponentialDelay(FIRST_WAIT_THROTTLED, LONGEST_WAIT))
            .circuitBreakerEnabled(
                false) // a slice has nothing else to do than to wait for its table
            .build();
    this.client =
        builder
            .overrideConfiguration(
                o -> o.retryStrategy(retries).addExecutionInterceptor(new RawBody()))
            .build();
    this.wire = new WireDynamoDb(client);
    this.actions = new DynamoDbActionWriter(wire, new TableKeys(client), oneByOne);
    this.oneByOne = oneByOne;
  }

  @Override
  public PageSource segment(
      String table, int segment, int totalSegments, Optional<ScanFilter> filter, Pacer pacer) {
    return new SegmentPages(wire, table, segment, totalSegments, filter, pacer);
  }

  @Override
  public PageSource items(String table, List<Item> keys, Pacer pacer) {
    return new KeyedPages(wire, table, keys, pacer);
  }

  @Override
  public ChangeWriter changes(String table, List<String> keys, Guard guard) {
    var single = new SingleChangeWriter(wire, table, keys);
    if (guard instanceof Guard.None) {
      return new PlainChangeWriter(wire, table, keys, single);
    }
    return oneByOne ? single : new StatementChangeWriter(wire, table, keys, single);
  }

  @Override
  public ActionWriter actions() {
    return actions;
  }

  @Override
  public void close() {
    client.close();
  }
}
