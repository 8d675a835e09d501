package dev.godwit.cli.table;

import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.wire.JsonService;
import dev.godwit.worker.wire.RetriedCalls;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Calls any operation of DynamoDB, Application Auto Scaling or the price list with its own JSON, as
 * it goes over the wire, and again where that may help, for half a minute at most. Thread-safe.
 */
public final class ServiceCalls implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int MOST_TRIES = 4;

  private final JsonService service;
  private final RetriedCalls calls = new RetriedCalls(Timer.SYSTEM, MOST_TRIES, failure -> {});

  private ServiceCalls(JsonService service) {
    this.service = service;
  }

  /** Calls of the DynamoDB at {@code connection}. Close them. */
  public static ServiceCalls over(DynamoDbConnection connection) {
    return new ServiceCalls(connection.service());
  }

  /**
   * Calls of the auto scaling beside {@code connection}; empty where that is not AWS's own, for
   * nothing scales there. Close them.
   */
  public static Optional<ServiceCalls> ofScalingBeside(DynamoDbConnection connection) {
    return connection.isAws()
        ? Optional.of(ofScaling(connection, Optional.empty()))
        : Optional.empty();
  }

  /**
   * Calls of the auto scaling at {@code endpoint}, whatever DynamoDB is. Close them.
   *
   * @param endpoint empty for the region's own
   */
  public static ServiceCalls ofScaling(DynamoDbConnection connection, Optional<URI> endpoint) {
    return new ServiceCalls(
        JsonService.autoScaling(endpoint, connection.region(), connection.credentials()));
  }

  /**
   * Calls of AWS's price list. Close them.
   *
   * @param endpoint empty for AWS's own
   */
  public static ServiceCalls ofPriceList(DynamoDbConnection connection, Optional<URI> endpoint) {
    return new ServiceCalls(JsonService.priceList(endpoint, connection.credentials()));
  }

  /**
   * Calls {@code operation}.
   *
   * @param operation in PascalCase, as in {@code DescribeTable}
   * @param body its arguments, a JSON object
   * @return the answer, a JSON object
   * @throws dev.godwit.worker.wire.ServiceRefused when it is refused
   * @throws software.amazon.awssdk.core.exception.SdkClientException when there is no answer
   */
  public byte[] call(String operation, byte[] body) {
    long began = Timer.SYSTEM.nanos();
    Deadline deadline =
        () -> {
          var left = LONGEST.minusNanos(Timer.SYSTEM.nanos() - began);
          return left.isNegative() ? Duration.ZERO : left;
        };
    return calls.call(() -> service.call(operation, body, LONGEST), deadline);
  }

  @Override
  public void close() {
    service.close();
  }
}
