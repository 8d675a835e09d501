package dev.godwit.cli.engine;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Lambda tells a function about its invocation, as far as there is something to tell here. */
final class LocalContext implements Context {
  private static final Logger LOG = LoggerFactory.getLogger(LocalContext.class);

  /** Lambda's longest: developer guide, "Configure Lambda function timeout"; read 2026-11-20. */
  private static final Duration LONGEST = Duration.ofMinutes(15);

  private final String requestId = UUID.randomUUID().toString();
  private final long startNanos = System.nanoTime();
  private final BooleanSupplier cancelled;

  LocalContext(BooleanSupplier cancelled) {
    this.cancelled = cancelled;
  }

  @Override
  public int getRemainingTimeInMillis() {
    if (cancelled.getAsBoolean()) {
      return 0;
    }
    var taken = Duration.ofNanos(System.nanoTime() - startNanos);
    return (int) Math.max(0, LONGEST.minus(taken).toMillis());
  }

  @Override
  public String getAwsRequestId() {
    return requestId;
  }

  @Override
  public String getLogGroupName() {
    return "local";
  }

  @Override
  public String getLogStreamName() {
    return "local";
  }

  @Override
  public String getFunctionName() {
    return EngineTasks.WORKER_FUNCTION;
  }

  @Override
  public String getFunctionVersion() {
    return "$LATEST";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:local:000000000000:function:" + EngineTasks.WORKER_FUNCTION;
  }

  @Override
  public int getMemoryLimitInMB() {
    return (int) (Runtime.getRuntime().maxMemory() >> 20);
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public LambdaLogger getLogger() {
    return new LambdaLogger() {
      @Override
      public void log(String message) {
        LOG.info(message);
      }

      @Override
      public void log(byte[] message) {
        LOG.info(new String(message, StandardCharsets.UTF_8));
      }
    };
  }
}
