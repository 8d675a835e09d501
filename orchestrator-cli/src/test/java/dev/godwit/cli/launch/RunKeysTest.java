package dev.godwit.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.FakeSeat;
import dev.godwit.cli.TestScreen;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.lifecycle.RateOrder;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.run.RunRequestJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class RunKeysTest {
  private final FakeSeat seat = new FakeSeat(80);
  private final TestScreen screen = TestScreen.plain();
  private final StopSignal stop = new StopSignal();
  private final Asked asked = new Asked();

  @Test
  void keys_changeTheRate_andSayWhatItBecame() {
    heard(
        true,
        () -> {
          seat.press("p+-x?");
          Awaitility.await().until(() -> screen.err().contains("?  this"));
        });
    assertThat(asked.orders)
        .containsExactly(
            RateOrder.PAUSE,
            RateOrder.budgets(OptionalInt.empty(), OptionalInt.of(1_100)),
            RateOrder.budgets(OptionalInt.empty(), OptionalInt.of(900)));
    assertThat(screen.err()).startsWith("Changed 1.\nChanged 2.\nChanged 3.\nKeys: p  pauses");
    assertThat(stop.isStopped()).isFalse();
  }

  @Test
  void close_leavesTheTerminalAsItWas_andClosesTheRuns() {
    heard(
        true,
        () -> {
          assertThat(seat.isTaken()).isTrue();
        });
    assertThat(seat.isTaken()).isFalse();
    assertThat(asked.closed).isTrue();
  }

  @Test
  void q_leavesARunThatGoesOn() {
    heard(
        true,
        () -> {
          seat.press("q");
          stop.await(Duration.ofMinutes(1));
          assertThat(stop.isStopped()).isTrue();
        });
  }

  @Test
  void q_aRunThatEndsWithThisProcess_saysSo() {
    heard(
        false,
        () -> {
          seat.press("q");
          Awaitility.await().until(() -> screen.err().contains("ends with this process"));
        });
    assertThat(stop.isStopped()).isFalse();
  }

  @Test
  void keys_changesThatAreRefused_areToldAndTheNextKeyWorks() {
    asked.refusal = "The run r has ended; nothing was changed";
    heard(
        true,
        () -> {
          seat.press("pq");
          stop.await(Duration.ofMinutes(1));
        });
    assertThat(screen.err()).isEqualTo("The run r has ended; nothing was changed.\n");
  }

  @Test
  void on_aTerminalWithoutKeys_closesTheRuns() {
    assertThat(RunKeys.on(seat.refusing(), screen.screen().err(), stop, asked, true)).isEmpty();
    assertThat(asked.closed).isTrue();
  }

  /** Does {@code presses} while keys are heard. */
  private void heard(boolean leavable, Runnable presses) {
    var keys = RunKeys.on(seat, screen.screen().err(), stop, asked, leavable).orElseThrow();
    presses.run();
    keys.close();
  }

  /** A run with a budget of 1,000, whatever was changed. */
  private static final class Asked implements RunKeys.Controls {
    private final List<RateOrder> orders = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean closed;
    private volatile String refusal = "";

    @Override
    public String change(RateOrder.Step step) {
      if (!refusal.isEmpty()) {
        throw new CommandFailed(ExitCode.BAD_USAGE, refusal);
      }
      var request =
          RunRequestJson.read(
              """
              {"version": 1, "runId": "r", "tableName": "Tasks", "migration": "20261120-m",
               "direction": "up", "mode": "apply", "totalSegments": 4, "maxConcurrency": 4,
               "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
               "toleratedFailurePercentage": 0, "writeUnitsPerSecond": 1000, "parameters": {}}""");
      orders.add(step.from(request, RunRate.AS_ASKED));
      return "changed " + orders.size();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
