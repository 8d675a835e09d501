package dev.godwit.cli.engine;

import dev.godwit.asl.Execution;
import dev.godwit.asl.ExecutionEvent;
import dev.godwit.asl.ExecutionListener;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Hears whether AWS refuses to lower a table's capacity, all else being settled. On AWS the
 * settlement then tries again each hour; nobody waits for that here.
 */
final class RefusedDecrease implements ExecutionListener {
  /** As {@code settle-run} names it. */
  static final String ERROR = "Godwit.CapacityNotRestored";

  /** The states that put the capacity back. */
  private static final Set<String> RESTORES =
      Set.of("Look at the table", "Find auto scaling", "Lower capacity", "Resume one target");

  private static final String WAITS = "Wait an hour";
  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(200);

  private final AtomicBoolean waits = new AtomicBoolean();
  private volatile String why = "";

  @Override
  public void on(ExecutionEvent event) {
    if (event.type().equals("TaskFailed") && RESTORES.contains(event.stateName())) {
      why = event.details().path("Cause").asText();
    }
    if (event.stateName().equals(WAITS)) {
      waits.set(true);
    }
  }

  /** Why it was refused, for people; empty when it was not. */
  String why() {
    return why;
  }

  /** Waits for the end of the settlement of {@code runId}, and ends one that only waits. */
  void follow(Execution settled, String runId) {
    try {
      while (!settled.await(LOOKED_AT_EVERY)) {
        if (waits.get()) {
          settled.stop(
              ERROR,
              "The table's capacity is still raised, for AWS refused to lower it ("
                  + why
                  + "). Lower it by hand; the ledger keeps what it was, as capacityBefore of RUN#"
                  + runId
                  + ".");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
