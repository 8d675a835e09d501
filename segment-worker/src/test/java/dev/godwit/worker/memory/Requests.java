package dev.godwit.worker.memory;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.write.Answer;
import dev.godwit.worker.write.Outcome;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/** Takes requests apart into writes, one after another, each of which may be the last. */
record Requests(Steps steps, BooleanSupplier busy) {
  <T> Answer send(
      List<T> writes, int most, Function<T, Object> target, Function<T, Outcome> write) {
    if (writes.isEmpty() || writes.size() > most) {
      throw new AssertionError(writes.size() + " writes in a request that takes 1 to " + most);
    }
    var targets = new HashSet<>();
    for (T one : writes) {
      if (!targets.add(target.apply(one))) {
        throw new AssertionError("Two writes to one key in a request: " + target.apply(one));
      }
    }
    var outcomes = new ArrayList<Outcome>();
    int throttles = 0;
    var unreported = new ArrayList<Integer>();
    for (T one : writes) {
      if (busy.getAsBoolean()) {
        throttles++;
        outcomes.add(new Outcome.Busy());
        continue;
      }
      steps.step("before a write");
      unreported.add(outcomes.size());
      outcomes.add(write.apply(one));
      steps.step("after a write");
    }
    return new Answer(outcomes, 0, unreported, Tally.of(Counter.THROTTLES, throttles));
  }
}
