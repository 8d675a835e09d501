package dev.godwit.worker.dynamodb;

import dev.godwit.worker.WorkerException;
import dev.godwit.worker.write.Outcome;
import java.util.Optional;
import java.util.function.Supplier;

/** Gives what DynamoDB refuses the name under which it can be foreseen. */
final class Refusals {
  /** DynamoDB's code for all that is wrong with a write, whatever it is. */
  static final String INVALID = "ValidationException";

  private Refusals() {}

  /** {@code outcome}, or what {@code foreseen} says of it if DynamoDB calls it invalid. */
  static Outcome named(Outcome outcome, Supplier<Optional<Outcome.Refused>> foreseen) {
    if (!(outcome instanceof Outcome.Refused refused) || !refused.error().equals(INVALID)) {
      return outcome;
    }
    try {
      return foreseen.get().map(Outcome.class::cast).orElse(outcome);
    } catch (WorkerException e) {
      return outcome; // the table cannot be looked at: DynamoDB's own word has to do
    }
  }
}
