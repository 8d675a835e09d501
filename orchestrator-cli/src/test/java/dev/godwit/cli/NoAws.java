package dev.godwit.cli;

import dev.godwit.cli.lifecycle.RunLifecycle;
import dev.godwit.cli.lifecycle.StateMachines;

/** For tests in which nothing goes to AWS. */
public final class NoAws implements StateMachines {
  @Override
  public RunLifecycle at(String address) {
    throw new AssertionError("Nothing here goes to AWS: " + address);
  }
}
