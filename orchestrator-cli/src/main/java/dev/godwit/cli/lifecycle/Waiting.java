package dev.godwit.cli.lifecycle;

import dev.godwit.cli.run.StopSignal;
import java.time.Duration;
import java.time.Instant;

/** Time as it passes for whoever waits. */
public interface Waiting {
  /** Real time. */
  Waiting REAL =
      new Waiting() {
        @Override
        public Instant now() {
          return Instant.now();
        }

        @Override
        public void pause(Duration longest, StopSignal stop) {
          stop.await(longest);
        }
      };

  Instant now();

  /** Waits for {@code longest}, or until asked to stop. */
  void pause(Duration longest, StopSignal stop);
}
