package dev.godwit.cli.engine;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.godwit.worker.PageListener;

/** Makes the handler that a run's slices are given to. */
@FunctionalInterface
interface WorkerFactory {
  /**
   * A handler for one run.
   *
   * @param pages told of every page
   */
  OpenWorker open(PageListener pages);

  /** A handler and what it holds open. */
  interface OpenWorker extends AutoCloseable {
    RequestStreamHandler handler();

    @Override
    void close();
  }
}
