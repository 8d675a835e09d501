package dev.godwit.worker.slice;

import dev.godwit.worker.memory.Steps;
import java.util.SortedMap;
import java.util.TreeMap;

/** Something that happens once, so many steps from now. Used from one thread. */
final class Trouble implements Steps {
  private static final int NEVER = -1;

  private int stepsLeft = NEVER;
  private final SortedMap<String, Integer> happened = new TreeMap<>();
  private String kind = "nothing";
  private Runnable trouble = () -> {};

  /** Lets the process die {@code steps} steps from now. */
  void crashIn(int steps) {
    arm(
        "crash",
        steps,
        () -> {
          throw new Crash();
        });
  }

  /** Lets somebody else do {@code trouble} in between, {@code steps} steps from now. */
  void arm(String kind, int steps, Runnable trouble) {
    this.kind = kind;
    this.stepsLeft = steps;
    this.trouble = trouble;
  }

  /** What came to pass, kind and step, and how often. */
  SortedMap<String, Integer> happened() {
    return happened;
  }

  void disarm() {
    stepsLeft = NEVER;
  }

  @Override
  public void step(String what) {
    if (stepsLeft != NEVER && stepsLeft-- == 0) {
      happened.merge(kind + " " + what, 1, Integer::sum);
      trouble.run();
    }
  }
}
