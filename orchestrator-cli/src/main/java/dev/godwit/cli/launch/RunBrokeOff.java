package dev.godwit.cli.launch;

import dev.godwit.migration.GodwitException;

/** A run could not be followed to its end, for the reason that is its cause. */
public final class RunBrokeOff extends GodwitException {
  private final String howToGoOn;

  RunBrokeOff(String howToGoOn, RuntimeException cause) {
    super("The run could not be followed to its end", cause);
    this.howToGoOn = howToGoOn;
  }

  /** For people, a sentence. */
  public String howToGoOn() {
    return howToGoOn;
  }
}
