package dev.godwit.testkit;

/** An injected throttle: the write was not done and may be tried again. */
public final class ThrottledException extends RuntimeException {
  ThrottledException() {
    super("The table was told to throttle this write");
  }
}
