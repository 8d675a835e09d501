package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Real time, and three pools: state steps (one thread a processor), task calls, one timer. */
final class ThreadedLoop implements Loop {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadedLoop.class);

  private final Clock clock;
  private final ExecutorService steps;
  private final ExecutorService tasks;
  private final ScheduledThreadPoolExecutor timer;
  private volatile boolean closed;

  ThreadedLoop(Clock clock, int taskThreads) {
    this.clock = clock;
    this.steps =
        Executors.newFixedThreadPool(
            Runtime.getRuntime().availableProcessors(), daemons("godwit-step-"));
    this.tasks = Executors.newFixedThreadPool(taskThreads, daemons("godwit-task-"));
    this.timer = new ScheduledThreadPoolExecutor(1, daemons("godwit-timer-"));
    this.timer.setRemoveOnCancelPolicy(true);
  }

  private static ThreadFactory daemons(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return runnable -> {
      Thread thread = new Thread(runnable, prefix + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public void execute(Runnable step) {
    try {
      steps.execute(
          () -> {
            if (!closed) {
              step.run();
            }
          });
    } catch (RejectedExecutionException e) {
      // Closed: the execution stays where its journal says it is.
    }
  }

  @Override
  public Cancellation.Registration schedule(Duration delay, Runnable step) {
    try {
      ScheduledFuture<?> future =
          timer.schedule(() -> execute(step), delay.toMillis(), TimeUnit.MILLISECONDS);
      return () -> future.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  @Override
  public void call(TaskPort port, TaskCall call, Completion completion) {
    try {
      tasks.execute(
          () -> {
            JsonNode result;
            try {
              result = port.call(call);
            } catch (Throwable e) {
              completion.failed(e);
              return;
            }
            completion.succeeded(result);
          });
    } catch (RejectedExecutionException e) {
      // As in execute.
    }
  }

  @Override
  public void close() {
    closed = true;
    timer.shutdownNow();
    tasks.shutdown();
    // Not interrupted: that would close the journal's file under a step that is writing.
    steps.shutdown();
    try {
      if (!steps.awaitTermination(10, TimeUnit.SECONDS)) {
        LOG.warn("a step did not end within 10 s of closing the engine");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
