package dev.godwit.cli.lifecycle;

/** Finds the runs of state machines on AWS. */
@FunctionalInterface
public interface StateMachines {
  /**
   * The runs of one state machine.
   *
   * @param arn as its users know it
   * @throws IllegalArgumentException when it is none; the message is for people
   */
  RunLifecycle at(String arn);
}
