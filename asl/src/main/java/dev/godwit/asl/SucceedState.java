package dev.godwit.asl;

import java.util.Optional;

/** Ends its flow well. */
final class SucceedState extends State {
  SucceedState(Common common) {
    super(common);
  }

  @Override
  void run(Visit visit) {
    visit.leave(visit.bindings(), visit.input(), Optional.empty(), output(), Optional.empty());
  }
}
