package dev.godwit.asl;

import java.util.ArrayList;
import java.util.List;

/** A state that may have {@code Retry} and {@code Catch}: Task, Parallel, Map. */
abstract sealed class FaultTolerantState extends State permits MapState, ParallelState, TaskState {
  private final List<Retrier> retriers;
  private final List<Catcher> catchers;

  FaultTolerantState(Common common, List<Retrier> retriers, List<Catcher> catchers) {
    super(common);
    this.retriers = retriers;
    this.catchers = catchers;
  }

  final List<Retrier> retriers() {
    return retriers;
  }

  final List<Catcher> catchers() {
    return catchers;
  }

  @Override
  List<Edge> edges() {
    List<Edge> edges = new ArrayList<>(super.edges());
    catchers.forEach(c -> edges.add(new Edge(c.next(), String.join(", ", c.errors()))));
    return edges;
  }
}
