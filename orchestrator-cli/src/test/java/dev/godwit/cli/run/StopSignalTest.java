package dev.godwit.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StopSignalTest {
  @Test
  void stop_tellsListenersOnce_earlierAndLaterOnes() {
    var told = new AtomicInteger();
    var stop = new StopSignal();
    stop.onStop(told::incrementAndGet);
    assertThat(stop.isStopped()).isFalse();
    assertThat(told).hasValue(0);

    stop.stop();
    stop.stop();
    assertThat(stop.isStopped()).isTrue();
    assertThat(told).hasValue(1);

    stop.onStop(told::incrementAndGet);
    assertThat(told).hasValue(2);
  }
}
