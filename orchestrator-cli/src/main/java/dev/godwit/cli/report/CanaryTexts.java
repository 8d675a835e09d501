package dev.godwit.cli.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.cli.ledger.CanaryCount;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.run.Canary;
import java.util.Locale;
import java.util.Optional;

/** How the canary of a run stands. */
final class CanaryTexts {
  private static final String REFUSED = "CanaryRefused";

  private CanaryTexts() {}

  /** For people; empty for a run without. */
  static Optional<String> of(RunState state) {
    return state
        .request()
        .canary()
        .map(
            canary ->
                String.format(
                    Locale.ROOT,
                    "%,d of %,d segments, %s%s",
                    canary.segments(),
                    state.request().totalSegments(),
                    phase(canary, state).words,
                    counted(count(state))));
  }

  /** For programs. */
  static void write(ObjectNode json, RunState state) {
    state
        .request()
        .canary()
        .ifPresent(
            canary -> {
              var count = count(state);
              json.putObject("canary")
                  .put("segments", canary.segments())
                  .put("phase", phase(canary, state).name().toLowerCase(Locale.ROOT))
                  .put("segmentsDone", count.segments())
                  .put("scanned", count.scanned())
                  .put("written", count.written())
                  .put("failed", count.failed())
                  .put("conflicts", count.conflicts())
                  .put("throttles", count.throttles())
                  .put("growthBytes", count.growthBytes())
                  .put("checked", count.checked())
                  .put("again", count.again());
            });
  }

  private enum Phase {
    MIGRATING("under way"),
    CHECKED("done"),
    WAITING("passed, and the run waits at the gate"),
    PASSED("passed"),
    REFUSED("refused");

    private final String words;

    Phase(String words) {
      this.words = words;
    }
  }

  private static Phase phase(Canary canary, RunState state) {
    if (state.error().filter(error -> error.contains(REFUSED)).isPresent()) {
      return Phase.REFUSED;
    }
    if (count(state).segments() < canary.segments()) {
      return Phase.MIGRATING;
    }
    if (state.rate().filter(RunRate::isAtGate).isPresent()) {
      return Phase.WAITING;
    }
    boolean isBehind =
        state.segments().succeeded() > canary.segments() || state.status() == RunStatus.SUCCEEDED;
    return isBehind ? Phase.PASSED : Phase.CHECKED;
  }

  private static CanaryCount count(RunState state) {
    return state.canary().orElse(CanaryCount.NOTHING);
  }

  private static String counted(CanaryCount count) {
    return count.scanned() == 0
        ? ""
        : String.format(
            Locale.ROOT,
            ": %,d scanned, %,d written, %,d failed, %,d conflicts, %,d throttled, %,d bytes more; %,d looked at again, %,d would change again",
            count.scanned(),
            count.written(),
            count.failed(),
            count.conflicts(),
            count.throttles(),
            count.growthBytes(),
            count.checked(),
            Math.max(0, count.again() - count.failed()));
  }
}
