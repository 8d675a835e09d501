package dev.godwit.worker.wire;

import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Timer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.retries.api.AcquireInitialTokenRequest;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RefreshRetryTokenRequest;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.retries.api.RetryToken;
import software.amazon.awssdk.retries.api.TokenAcquisitionFailedException;

/**
 * Makes calls again that may succeed then, as the SDK's own strategy says, but waits in between by
 * a deadline: throttled ones until then, others so many times. What it calls must not try again
 * itself. Thread-safe.
 */
public final class RetriedCalls {
  private static final Duration FIRST_WAIT = Duration.ofMillis(50);
  private static final Duration FIRST_WAIT_THROTTLED = Duration.ofMillis(200);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(20);
  private static final String SCOPE = "AWS";

  /**
   * Made when a call first fails, for its classes are many. Until then it has no say: a first try
   * waits for nothing, and what a success gives back is the circuit breaker's, which is off.
   */
  private static final class Strategy {
    private static final RetryStrategy SDKS =
        AwsRetryStrategy.standardRetryStrategy().toBuilder()
            .maxAttempts(Integer.MAX_VALUE)
            .backoffStrategy(BackoffStrategy.exponentialDelay(FIRST_WAIT, LONGEST_WAIT))
            .throttlingBackoffStrategy(
                BackoffStrategy.exponentialDelay(FIRST_WAIT_THROTTLED, LONGEST_WAIT))
            .circuitBreakerEnabled(
                false) // there is nothing else to do than to wait for the service
            .build();
  }

  private final Timer timer;
  private final int mostTries;
  private final Consumer<SdkException> failed;

  /**
   * Calls that wait by {@code timer}.
   *
   * @param mostTries of a call that is not throttled; ten take about a minute
   * @param failed told of each try that comes to nothing and is no refusal of what was asked
   */
  public RetriedCalls(Timer timer, int mostTries, Consumer<SdkException> failed) {
    this.timer = timer;
    this.mostTries = mostTries;
    this.failed = failed;
  }

  /**
   * Makes {@code call} until it succeeds.
   *
   * @throws SdkException of the last try, when another is no help or has no time
   */
  public <T> T call(Supplier<T> call, Deadline deadline) {
    @Nullable RetryToken token = null;
    int troubles = 0;
    while (true) {
      try {
        return timed(call, deadline);
      } catch (SdkException e) {
        if (!isRefusal(e)) {
          failed.accept(e);
        }
        troubles += isThrottled(e) ? 0 : 1;
        if (troubles == mostTries) {
          throw e;
        }
        token = waited(token == null ? firstToken() : token, e, deadline);
      }
    }
  }

  private static RetryToken firstToken() {
    return Strategy.SDKS.acquireInitialToken(AcquireInitialTokenRequest.create(SCOPE)).token();
  }

  private <T> T timed(Supplier<T> call, Deadline deadline) {
    long began = timer.nanos();
    try {
      return call.get();
    } finally {
      deadline.requestTook(Duration.ofNanos(timer.nanos() - began));
    }
  }

  /** Waits until the call may be made again, or throws {@code failure}. */
  private RetryToken waited(RetryToken token, SdkException failure, Deadline deadline) {
    var refresh = RefreshRetryTokenRequest.builder().token(token).failure(failure).build();
    try {
      var refreshed = Strategy.SDKS.refreshRetryToken(refresh);
      if (timer.sleep(refreshed.delay(), deadline) && !deadline.isPast()) {
        return refreshed.token();
      }
    } catch (TokenAcquisitionFailedException e) {
      failure.addSuppressed(e);
    }
    throw failure;
  }

  /** Whether DynamoDB has done its part: the request is one that it does not take. */
  private static boolean isRefusal(SdkException e) {
    return e instanceof SdkServiceException service
        && service.statusCode() < 500
        && !isThrottled(service);
  }

  private static boolean isThrottled(SdkException e) {
    return e instanceof SdkServiceException service && service.isThrottlingException();
  }
}
