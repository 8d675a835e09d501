package dev.godwit.asl;

/** Passes its input on, reshaped by {@code Output} and {@code Assign}. */
final class PassState extends State {
  PassState(Common common) {
    super(common);
  }

  @Override
  void run(Visit visit) {
    visit.leave(visit.bindings(), visit.input(), assign(), output(), next());
  }
}
