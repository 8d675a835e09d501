package dev.godwit.cli.facts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is known of a table.
 *
 * @param region that it is in
 * @param status as DynamoDB has it, as in {@code ACTIVE}
 * @param items how many it holds; DynamoDB counts them every six hours or so
 * @param bytes that they take, likewise
 * @param isOnDemand whether each request is paid for, not each hour
 * @param isInfrequentAccess whether it is of the class Standard-Infrequent Access, which has other
 *     prices
 * @param keys its key attributes, partition key first
 * @param decreasesToday how often its capacity was lowered today, UTC
 * @param lastDecrease when it was lowered last; empty when it never was
 * @param isProtected whether it cannot be deleted by accident
 * @param encryption the key that it is encrypted with, for people
 * @param stream of its changes; empty when it has none
 * @param replicas in other regions
 * @param isStronglyConsistent whether it is a global table in which a write waits for another
 *     region
 * @param expiry the attribute that tells when an item expires; empty when items do not
 * @param recovery to a point in time
 * @param streamReaders functions that read its stream, by ARN
 * @param kinesisStreams that its changes go to, by ARN
 * @param scaling of its capacity and that of its indexes; empty when there is none
 */
public record TableFacts(
    String name,
    String arn,
    String region,
    String status,
    long items,
    long bytes,
    boolean isOnDemand,
    boolean isInfrequentAccess,
    Throughput throughput,
    List<String> keys,
    List<IndexFacts> indexes,
    int decreasesToday,
    Optional<Instant> lastDecrease,
    boolean isProtected,
    String encryption,
    Optional<Stream> stream,
    List<Replica> replicas,
    boolean isStronglyConsistent,
    Told<Optional<String>> expiry,
    Told<Recovery> recovery,
    Told<List<String>> streamReaders,
    Told<List<String>> kinesisStreams,
    Told<List<Scaling>> scaling) {
  public TableFacts {
    keys = List.copyOf(keys);
    indexes = List.copyOf(indexes);
    replicas = List.copyOf(replicas);
  }

  /**
   * A stream of a table's changes.
   *
   * @param view what its records hold, as DynamoDB has it
   */
  public record Stream(String arn, String view) {}

  /** The table in another region. */
  public record Replica(String region, String status) {}

  /**
   * Recovery to a point in time.
   *
   * @param isOn whether it is
   * @param days how far back it reaches at most, where DynamoDB tells
   * @param earliest back to when the table can be had now
   */
  public record Recovery(boolean isOn, OptionalInt days, Optional<Instant> earliest) {}

  /**
   * Auto scaling of one capacity.
   *
   * @param resource as in {@code table/Cities}
   * @param dimension as in {@code dynamodb:table:WriteCapacityUnits}
   * @param isSuspended whether somebody has suspended it
   */
  public record Scaling(
      String resource, String dimension, int least, int most, boolean isSuspended) {}
}
