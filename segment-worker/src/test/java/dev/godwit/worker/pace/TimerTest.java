package dev.godwit.worker.pace;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TimerTest {
  private final FakeTimer clock = new FakeTimer();
  private final Deadline deadline =
      new SliceDeadline(Duration.ofSeconds(3), clock::nanos, () -> Long.MAX_VALUE);

  @Test
  void sleep_threadIsInterrupted_doesNotSpinAndKeepsTheFlag() {
    var threads = ManagementFactory.getThreadMXBean();
    Timer.SYSTEM.sleep(Duration.ofMillis(1)); // loads classes, which costs time of its own
    threads.getCurrentThreadCpuTime();
    Thread.currentThread().interrupt();
    long before = threads.getCurrentThreadCpuTime();
    Timer.SYSTEM.sleep(Duration.ofMillis(300));
    long used = threads.getCurrentThreadCpuTime() - before;

    assertThat(Thread.interrupted()).isTrue();
    assertThat(used).as("processor time").isLessThan(Duration.ofMillis(20).toNanos());
  }

  @Test
  void sleep_deadlineComesFirst_endsThereAndSaysSo() {
    assertThat(clock.sleep(Duration.ofSeconds(10), deadline)).isFalse();
    assertThat(clock.nanos()).isEqualTo(Duration.ofSeconds(3).toNanos());
  }

  @Test
  void sleep_deadlineComesLater_sleepsAllOfIt() {
    assertThat(clock.sleep(Duration.ofSeconds(2), deadline)).isTrue();
    assertThat(clock.nanos()).isEqualTo(Duration.ofSeconds(2).toNanos());
  }
}
