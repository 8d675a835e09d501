package dev.godwit.asl;

/** A state that failed under a States Language error name; how the engine's own parts say so. */
final class StateFailure extends RuntimeException {
  private final StateError error;

  StateFailure(String name, String cause) {
    this(new StateError(name, cause));
  }

  StateFailure(StateError error) {
    super(error.toString());
    this.error = error;
  }

  StateError error() {
    return error;
  }
}
