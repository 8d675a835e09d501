package dev.godwit.asl;

import java.util.List;
import java.util.Optional;

/** One state of a definition, and what it does when a flow enters it. Immutable. */
abstract sealed class State
    permits ChoiceState, FailState, FaultTolerantState, PassState, SucceedState, WaitState {
  private final Common common;

  /**
   * What every type of state may have.
   *
   * @param next empty if the state ends its flow, or chooses the next one itself
   */
  record Common(
      String name,
      String type,
      Optional<String> comment,
      Optional<String> next,
      Optional<Template> assign,
      Optional<Template> output) {}

  State(Common common) {
    this.common = common;
  }

  final String name() {
    return common.name();
  }

  /** {@code Task}, {@code Map} … */
  final String type() {
    return common.type();
  }

  final Optional<String> comment() {
    return common.comment();
  }

  final Optional<String> next() {
    return common.next();
  }

  final Optional<Template> assign() {
    return common.assign();
  }

  final Optional<Template> output() {
    return common.output();
  }

  /** Begins the state's work; the visit is told how it ended, now or later. */
  abstract void run(Visit visit);

  /** Every way out of this state, with a label for pictures: empty where it is simply next. */
  List<Edge> edges() {
    return next().map(target -> List.of(new Edge(target, ""))).orElse(List.of());
  }

  /** The states inside this one: branches, or what runs for each item. */
  List<States> inner() {
    return List.of();
  }

  record Edge(String target, String label) {}
}
