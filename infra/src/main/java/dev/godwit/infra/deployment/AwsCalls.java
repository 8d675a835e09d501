package dev.godwit.infra.deployment;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;

/**
 * Calls of AWS within one invocation of a function: sorts errors into those that pass and those
 * that do not, and begins none when the function's time runs short.
 *
 * <p>A function that is cut off is an error to CDK's provider framework, and that ends the
 * deployment; so the time of an invocation is used up on purpose a while before its end.
 */
final class AwsCalls {
  /** A function may take so long, all in all. */
  static final Duration LONGEST_INVOCATION = Duration.ofMinutes(1);

  private static final Duration LAST_CALL = Duration.ofSeconds(40);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(10);
  private static final int SERVERS_FAULT = 500;

  private final Clock clock;
  private Instant lastCall = Instant.MAX;

  AwsCalls(Clock clock) {
    this.clock = clock;
  }

  /** What every client is made with: no call outlasts an invocation, and the next poll retries. */
  static ClientOverrideConfiguration configuration() {
    return ClientOverrideConfiguration.builder()
        .apiCallTimeout(LONGEST_CALL)
        .retryStrategy(AwsRetryStrategy.doNotRetry())
        .build();
  }

  void invocationBegins() {
    lastCall = clock.instant().plus(LAST_CALL);
  }

  /** Whether there is no time for another call. */
  boolean isTimeUp() {
    return clock.instant().isAfter(lastCall);
  }

  /**
   * Makes a call; errors that say something of what was asked for are the caller's to catch inside.
   *
   * @throws NotYet when AWS throttles, fails or is not reached, or time is up
   * @throws AwsRefused when AWS refuses for another reason
   */
  <T> T ask(Supplier<T> call) {
    if (isTimeUp()) {
      throw new NotYet("The function's time is up");
    }
    try {
      return call.get();
    } catch (AwsServiceException e) {
      if (e.isThrottlingException()
          || e.isClockSkewException()
          || e.statusCode() >= SERVERS_FAULT) {
        throw new NotYet(String.valueOf(e.getMessage()), e);
      }
      throw new AwsRefused(String.valueOf(e.getMessage()), e);
    } catch (SdkClientException e) {
      throw new NotYet(String.valueOf(e.getMessage()), e);
    }
  }
}
