package dev.godwit.worker.slice;

import dev.godwit.run.Tally;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.pace.Deadline;
import java.time.Duration;

/** Ends each slice after its first page; listens to the worker that it ends slices of. */
public final class FirstPage implements PageListener {
  private volatile boolean isDone;

  /** The deadline of a slice that begins now. */
  public Deadline deadline() {
    isDone = false;
    return () -> isDone ? Duration.ZERO : Deadline.FOREVER;
  }

  @Override
  public void pageDone(int segment, Tally page) {
    isDone = true;
  }
}
