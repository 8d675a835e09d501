package dev.godwit.asl;

import java.util.List;
import java.util.Optional;

/** Runs the same states for every item: inside its execution, or as a Map Run of children. */
final class MapState extends FaultTolerantState {
  private final Fields fields;

  /**
   * @param items where the items come from; empty for an item reader, or the state's input
   * @param label part of the Map Run's ARN
   */
  record Fields(
      boolean distributed,
      States processor,
      Optional<Template> items,
      Optional<ItemReader> itemReader,
      Optional<Template> itemSelector,
      Optional<Template> maxConcurrency,
      Optional<Template> toleratedFailureCount,
      Optional<Template> toleratedFailurePercentage,
      Optional<ResultWriter> resultWriter,
      Optional<String> label) {}

  /**
   * Where the items of a Map come from, if not from the state.
   *
   * @param listing whether the items are a bucket's objects, or else an object's content
   * @param lines whether that content is JSON lines, or else a JSON array
   */
  record ItemReader(
      String resource,
      Template arguments,
      boolean listing,
      boolean lines,
      Optional<Template> maxItems) {}

  /** Where a Map Run's results go: {@code Bucket} and {@code Prefix}. */
  record ResultWriter(String resource, Template arguments) {}

  MapState(Common common, List<Retrier> retriers, List<Catcher> catchers, Fields fields) {
    super(common, retriers, catchers);
    this.fields = fields;
  }

  Fields fields() {
    return fields;
  }

  String label() {
    return fields.label().orElse(name());
  }

  @Override
  void run(Visit visit) {
    if (fields.distributed()) {
      MapRun.begin(visit, this);
    } else {
      Iterations.begin(visit, this);
    }
  }

  @Override
  List<States> inner() {
    return List.of(fields.processor());
  }
}
