package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** One attempt of a Task state, as its {@link TaskPort} sees it. Thread-safe. */
public final class TaskCall {
  private final String resource;
  private final JsonNode arguments;
  private final String stateName;
  private final String executionArn;
  private final int retryCount;
  private final Optional<Duration> timeout;
  private final Supplier<JsonNode> context;
  private final AtomicBoolean cancelled = new AtomicBoolean();

  TaskCall(
      String resource,
      JsonNode arguments,
      String stateName,
      String executionArn,
      int retryCount,
      Optional<Duration> timeout,
      Supplier<JsonNode> context) {
    this.resource = resource;
    this.arguments = arguments;
    this.stateName = stateName;
    this.executionArn = executionArn;
    this.retryCount = retryCount;
    this.timeout = timeout;
    this.context = context;
  }

  /** The state's {@code Resource}, whole: {@code arn:aws:states:::lambda:invoke}. */
  public String resource() {
    return resource;
  }

  /** The state's evaluated {@code Arguments}; shared, do not change. */
  public JsonNode arguments() {
    return arguments;
  }

  public String stateName() {
    return stateName;
  }

  /** The execution that calls: for a segment, the child's own ARN. */
  public String executionArn() {
    return executionArn;
  }

  /** 0 for the first attempt. */
  public int retryCount() {
    return retryCount;
  }

  /** The state's {@code TimeoutSeconds}, counted from this call's start; empty if it has none. */
  public Optional<Duration> timeout() {
    return timeout;
  }

  /** What the state's expressions see as {@code $states.context}: made anew for each asking. */
  public JsonNode context() {
    return context.get();
  }

  /**
   * Whether nobody needs the rest of this call any more: its execution is being stopped, or its
   * time is out. After a stop the answer is still taken if it comes within the grace period, so a
   * long call does well to finish early and answer with what it has.
   */
  public boolean cancelled() {
    return cancelled.get();
  }

  void cancel() {
    cancelled.set(true);
  }
}
