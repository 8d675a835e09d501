package dev.godwit.testkit;

/** An injected crash: whoever was writing must now be taken for dead. */
public final class CrashedException extends RuntimeException {
  CrashedException() {
    super("The table was told to crash here");
  }
}
