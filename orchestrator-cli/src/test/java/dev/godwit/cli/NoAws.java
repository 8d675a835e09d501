package dev.godwit.cli;

import dev.godwit.cli.run.RemoteRuns;

/** For tests in which nothing goes to AWS. */
public final class NoAws implements RemoteRuns.Places {
  @Override
  public RemoteRuns at(String address) {
    throw new AssertionError("Nothing here goes to AWS: " + address);
  }
}
