package dev.godwit.worker.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.godwit.run.slice.SliceJson;
import dev.godwit.run.slice.SliceRequest;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.WorkerException;
import dev.godwit.worker.code.MigrationFinder;
import dev.godwit.worker.code.RunHooks;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.SliceDeadline;
import dev.godwit.worker.slice.DeferredActions;
import dev.godwit.worker.slice.SegmentWorker;
import dev.godwit.worker.slice.Threads;
import dev.godwit.worker.slice.Waking;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.crac.Core;
import org.crac.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Lambda function: reads a slice request, runs it, writes the slice result. Asked with {@code
 * {"wake": {…}}} before a run begins, it answers which code it has for the run's migration; with
 * {@code {"hook": "before", …}} it does what the migration does once. Thread-safe.
 */
public final class SegmentWorkerHandler implements RequestStreamHandler, Resource, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentWorkerHandler.class);

  private static final String WAKE = "wake";
  private static final String HOOK = "hook";

  /** Enough to look at a table. */
  private static final Duration WAKING = Duration.ofSeconds(30);

  private final SegmentWorker worker;
  private final DeferredActions deferredActions;
  private final MigrationFinder migrations;
  private final Waking waking;
  private final RunHooks hooks;
  private final Threads threads;
  private final SliceMetrics metrics;
  private final SliceJson json = new SliceJson();

  /** For Lambda: everything from the function's environment, primed before a snapshot is taken. */
  public SegmentWorkerHandler() {
    this(LambdaSettings.of(System.getenv()), new EmbeddedMetrics());
    Core.getGlobalContext().register(this);
  }

  /** For whoever embeds the worker. */
  public SegmentWorkerHandler(WorkerSettings settings) {
    this(settings, SliceMetrics.NONE);
  }

  private SegmentWorkerHandler(WorkerSettings settings, SliceMetrics metrics) {
    var component = DaggerWorkerComponent.factory().create(settings);
    this.worker = component.segmentWorker();
    this.deferredActions = component.deferredActions();
    this.migrations = component.migrations();
    this.waking = component.waking();
    this.hooks = component.hooks();
    this.threads = component.threads();
    this.metrics = metrics;
  }

  /**
   * Runs one slice, wakes up, or calls a hook.
   *
   * @throws WorkerException as {@link SegmentWorker#run} says
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    handle(input, output, context::getRemainingTimeInMillis);
  }

  /**
   * Runs one slice, wakes up, or calls a hook.
   *
   * @param millisLeft how long the function may still take; from 0 on, the slice ends where it
   *     stands: what is on its way is waited for
   * @throws WorkerException as {@link SegmentWorker#run} says
   */
  public void handle(InputStream input, OutputStream output, LongSupplier millisLeft)
      throws IOException {
    var event = read(() -> json.event(input));
    if (event.has(WAKE)) {
      var wake = read(() -> json.wake(event.get(WAKE)));
      json.write(
          waking.wake(wake, new SliceDeadline(WAKING, System::nanoTime, millisLeft)), output);
      return;
    }
    if (event.has(HOOK)) {
      hooks.call(read(() -> json.hook(event)));
      json.writeDone(output);
      return;
    }
    var slice = read(() -> json.slice(event));
    var result =
        slice.deferred().isPresent()
            ? deferredActions.run(slice, deadline(slice, millisLeft))
            : worker.run(slice, deadline(slice, millisLeft));
    metrics.sliceDone(slice, result);
    json.write(result, output);
  }

  /** Refuses what is no request by the name that the state machines know. */
  private static <T> T read(Reading<T> reading) throws IOException {
    try {
      return reading.read();
    } catch (IllegalArgumentException e) {
      throw new BadSliceRequest(String.valueOf(e.getMessage()), e);
    }
  }

  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private Deadline deadline(SliceRequest slice, LongSupplier millisLeft) {
    return new SliceDeadline(
        Duration.ofSeconds(slice.sliceSeconds()), System::nanoTime, millisLeft);
  }

  /**
   * Walks a slice's whole way once without a network. A worker that could not be primed starts
   * slower, no more.
   */
  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    warm(
        () -> {
          Priming.run();
          migrations.readAll();
        });
  }

  static void warm(Warming warming) {
    long began = System.nanoTime();
    try {
      warming.run();
      LOG.info("Primed in {} ms", Duration.ofNanos(System.nanoTime() - began).toMillis());
    } catch (IOException | RuntimeException | Error e) {
      LOG.warn("Priming failed; the first slice after a restore will be slower", e);
    }
  }

  /** What is done before the snapshot. */
  @FunctionalInterface
  interface Warming {
    void run() throws IOException;
  }

  /** Lets its threads end. What the settings hold is not its to close. */
  @Override
  public void close() {
    threads.close();
  }

  /** Nothing is renewed here: what must differ between copies is made anew for each slice. */
  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {}
}
