package dev.godwit.worker;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The Lambda function: reads a slice request, runs it, writes the slice result. Thread-safe. */
public final class SegmentWorkerHandler implements RequestStreamHandler {
  private final SegmentWorker worker;
  private final DeferredActions deferredActions;
  private final BooleanSupplier stopAsked;
  private final SliceJson json = new SliceJson();

  /** For Lambda: everything from the function's environment. */
  public SegmentWorkerHandler() {
    this(LambdaSettings.of(System.getenv()));
  }

  /** For whoever embeds the worker. */
  public SegmentWorkerHandler(WorkerSettings settings) {
    var component = DaggerWorkerComponent.factory().create(settings);
    this.worker = component.segmentWorker();
    this.deferredActions = component.deferredActions();
    this.stopAsked = settings.stopAsked();
  }

  /**
   * Runs one slice.
   *
   * @throws WorkerException as {@link SegmentWorker#run} says
   */
  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context)
      throws IOException {
    var slice = json.request(input);
    var actions = slice.deferred();
    var result =
        actions.isPresent()
            ? deferredActions.run(slice, actions.get())
            : worker.run(slice, deadline(slice, context));
    json.write(result, output);
  }

  private Deadline deadline(SliceRequest slice, Context context) {
    return new SliceDeadline(
        Duration.ofSeconds(slice.sliceSeconds()),
        System::nanoTime,
        context::getRemainingTimeInMillis,
        stopAsked);
  }
}
