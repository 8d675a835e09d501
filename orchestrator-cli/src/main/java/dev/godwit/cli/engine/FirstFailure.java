package dev.godwit.cli.engine;

import dev.godwit.asl.ExecutionEvent;
import dev.godwit.asl.ExecutionListener;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Remembers why the first segment failed, which is what people want to know of a failed run. */
final class FirstFailure implements ExecutionListener {
  private final AtomicReference<String> first = new AtomicReference<>();

  @Override
  public void on(ExecutionEvent event) {
    if (event.type().equals("ExecutionFailed")) {
      first.compareAndSet(
          null,
          event.details().path("Error").asText() + ": " + event.details().path("Cause").asText());
    }
  }

  /** Error and cause; empty when no segment has failed. */
  Optional<String> told() {
    return Optional.ofNullable(first.get());
  }
}
