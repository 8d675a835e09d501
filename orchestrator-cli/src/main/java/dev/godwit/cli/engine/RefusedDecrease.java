package dev.godwit.cli.engine;

import dev.godwit.asl.Execution;
import dev.godwit.asl.ExecutionEvent;
import dev.godwit.asl.ExecutionListener;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hears whether a table's capacity cannot be lowered, all else being settled: AWS refuses to, or
 * whoever asks may not. On AWS the settlement then tries again each hour; nobody waits for that
 * here.
 */
final class RefusedDecrease implements ExecutionListener {
  /** As {@code settle-run} names it. */
  static final String ERROR = "Godwit.CapacityNotRestored";

  /** The states that put the capacity back, and what whoever runs them has to be allowed. */
  private static final Map<String, String> RESTORES =
      Map.of(
          "Look at the table", "dynamodb:DescribeTable",
          "Find auto scaling", "application-autoscaling:DescribeScalableTargets",
          "Lower capacity", "dynamodb:UpdateTable",
          "Resume one target", "application-autoscaling:RegisterScalableTarget");

  private static final String WAITS = "Wait an hour";
  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(200);

  private final AtomicBoolean waits = new AtomicBoolean();
  private volatile String why = "";

  @Override
  public void on(ExecutionEvent event) {
    var permission = RESTORES.get(event.stateName());
    if (event.type().equals("TaskFailed") && permission != null) {
      var cause = event.details().path("Cause").asText();
      // As DynamoDB and Application Auto Scaling call it: API references, "Common errors"; read
      // 2026-11-26.
      why =
          event.details().path("Error").asText().endsWith(".AccessDeniedException")
              ? "you may not do that: allow " + permission + " (" + cause + ")"
              : "AWS refused (" + cause + ")";
    }
    if (event.stateName().equals(WAITS)) {
      waits.set(true);
    }
  }

  /** Why it was not lowered, for people: part of a sentence; empty when it was. */
  String why() {
    return why;
  }

  /** Waits for the end of the settlement of {@code runId}, and ends one that only waits. */
  void follow(Execution settled, String runId, EmbeddedSettling.Patience patience) {
    try {
      while (!patience.await(settled, LOOKED_AT_EVERY)) {
        if (waits.get()) {
          settled.stop(
              ERROR,
              "The table's capacity is still raised, for it could not be lowered; "
                  + why
                  + ". Lower it by hand; the ledger keeps what it was, as capacityBefore of RUN#"
                  + runId
                  + ".");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
