package dev.godwit.worker.write;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.pace.Pacer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * Sends many writes as few requests: as many to a request as it takes and the budget allows,
 * several requests at once, none before the pacer lets it.
 *
 * <p>Used from one thread; the requests themselves run on the executor's.
 */
public final class RequestSender {
  /**
   * A request's size, so that memory is bounded however large the items: write units, about a KB
   * each.
   */
  private static final double MOST_UNITS = 2048;

  private final Pacer pacer;
  private final Executor executor;
  private final Semaphore inFlight;
  private final int mostInFlight;
  private Tally tally = Tally.ZERO;

  public RequestSender(Pacer pacer, Executor executor, int mostInFlight) {
    this.pacer = pacer;
    this.executor = executor;
    this.inFlight = new Semaphore(mostInFlight);
    this.mostInFlight = mostInFlight;
  }

  /** What DynamoDB is asked, and what that costs. */
  record Kind<T>(
      int mostPerRequest,
      ToDoubleFunction<T> atMost,
      ToDoubleFunction<T> exactly,
      Function<List<T>, Answer> send) {}

  /**
   * Sends all {@code writes} and waits for every answer, even when one fails.
   *
   * @return what became of each, in the same order
   * @throws dev.godwit.worker.WorkerException when nothing is known of the fate of some
   */
  <T> List<Outcome> send(List<T> writes, Kind<T> kind) {
    var answers = new ArrayList<CompletableFuture<List<Outcome>>>();
    int from = 0;
    while (from < writes.size()) {
      double most = Math.min(MOST_UNITS, pacer.mostPerRequest());
      double units = kind.atMost.applyAsDouble(writes.get(from));
      int to = from + 1;
      while (to < writes.size() && to - from < kind.mostPerRequest) {
        double more = units + kind.atMost.applyAsDouble(writes.get(to));
        if (more > most) {
          break;
        }
        units = more;
        to++;
      }
      answers.add(start(List.copyOf(writes.subList(from, to)), units, kind));
      from = to;
    }
    return joined(answers);
  }

  /** The throttles and write units since the last call. */
  public Tally takeTally() {
    synchronized (this) {
      var taken = tally;
      tally = Tally.ZERO;
      return taken;
    }
  }

  private <T> CompletableFuture<List<Outcome>> start(List<T> request, double units, Kind<T> kind) {
    inFlight.acquireUninterruptibly();
    Pacer.Permit permit;
    try {
      permit = pacer.acquire(units);
      return CompletableFuture.supplyAsync(() -> exchange(request, permit, kind), executor);
    } catch (RuntimeException e) {
      inFlight.release();
      throw e;
    }
  }

  private <T> List<Outcome> exchange(List<T> request, Pacer.Permit permit, Kind<T> kind) {
    double used = 0;
    try {
      var answer = kind.send.apply(request);
      used = answer.units() + byTheRules(request, answer, kind);
      count(answer, used);
      return answer.outcomes();
    } finally {
      permit.used(used);
      inFlight.release();
    }
  }

  /**
   * What is not reported: a refused condition costs what the write would have; what was not
   * processed costs nothing.
   */
  private static <T> double byTheRules(List<T> request, Answer answer, Kind<T> kind) {
    double units = 0;
    for (int place : answer.unreported()) {
      var outcome = answer.outcomes().get(place);
      if (outcome instanceof Outcome.Written || outcome instanceof Outcome.Conflict) {
        units += kind.exactly.applyAsDouble(request.get(place));
      }
    }
    return units;
  }

  private void count(Answer answer, double used) {
    if (answer.throttles().isSomething()) {
      pacer.throttled();
    }
    synchronized (this) {
      tally = tally.plus(answer.throttles()).plus(Counter.WRITE_UNITS, used);
    }
  }

  /** Waits for all before it throws, so that no write is on its way any more when a slice ends. */
  private List<Outcome> joined(List<CompletableFuture<List<Outcome>>> answers) {
    inFlight.acquireUninterruptibly(mostInFlight);
    inFlight.release(mostInFlight);
    var outcomes = new ArrayList<Outcome>();
    for (CompletableFuture<List<Outcome>> answer : answers) {
      try {
        outcomes.addAll(answer.join());
      } catch (CompletionException e) {
        if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        }
        throw e;
      }
    }
    return outcomes;
  }
}
