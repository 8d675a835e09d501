package dev.godwit.cli.session;

import dev.godwit.cli.run.StopSignal;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * Ctrl-C, and the TERM signal: the JVM begins to shut down, and is held until the run has come to a
 * page boundary and its ending has been told.
 */
public final class ShutdownInterrupts implements Interrupts {
  @Override
  public <T> T during(StopSignal stop, Supplier<T> work) {
    var told = new CountDownLatch(1);
    var hook =
        new Thread(
            () -> {
              stop.stop();
              awaitEnd(told);
            },
            "stop-at-page-boundary");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.get();
    } finally {
      told.countDown();
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // The JVM is shutting down: the hook runs, and has just been let go.
      }
    }
  }

  private static void awaitEnd(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
