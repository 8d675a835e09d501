package dev.godwit.worker.write;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Pacer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Sends many writes as few requests: as many to a request as it takes and the budget allows,
 * several requests at once, none before the pacer lets it and none when time has run out.
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
   * What became of writes.
   *
   * @param outcomes one for each, in the same order; {@link Outcome.Unsettled} for those that were
   *     not sent, or of whose fate nothing is known
   * @param trouble why nothing is known of the fate of some
   */
  record Sent(List<Outcome> outcomes, Optional<TableUnavailable> trouble) {}

  /**
   * Sends {@code writes} as long as there is time, and waits for every answer, even when one fails.
   *
   * <p>The first request is sent even when time has run out already, if the pacer does not hold it
   * back: whoever calls has decided that it shall be.
   *
   * @throws dev.godwit.worker.WorkerException when trying again is no help
   */
  <T> Sent send(List<T> writes, Kind<T> kind, Deadline deadline) {
    var answers = new ArrayList<Sending>();
    var isFailing = new AtomicBoolean(); // when one request fails, others need not be tried
    int from = 0;
    while (from < writes.size() && (from == 0 || !(isFailing.get() || deadline.isPast()))) {
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
      var request = List.copyOf(writes.subList(from, to));
      var started = start(request, units, kind, isFailing, deadline);
      if (started.isEmpty()) {
        break;
      }
      answers.add(new Sending(request.size(), started.get()));
      from = to;
    }
    return joined(answers, writes.size());
  }

  /** The throttles and write units since the last call. */
  public Tally takeTally() {
    synchronized (this) {
      var taken = tally;
      tally = Tally.ZERO;
      return taken;
    }
  }

  /** A request on its way. */
  private record Sending(int writes, CompletableFuture<List<Outcome>> answer) {}

  /** Starts a request; empty when time ran out before the pacer let it. */
  private <T> Optional<CompletableFuture<List<Outcome>>> start(
      List<T> request, double units, Kind<T> kind, AtomicBoolean isFailing, Deadline deadline) {
    inFlight.acquireUninterruptibly();
    var permit = pacer.acquire(units, deadline);
    if (permit.isEmpty()) {
      inFlight.release();
      return Optional.empty();
    }
    try {
      return Optional.of(
          CompletableFuture.supplyAsync(
              () -> exchange(request, permit.get(), kind, isFailing), executor));
    } catch (RejectedExecutionException e) {
      permit.get().used(0);
      inFlight.release();
      throw e;
    }
  }

  private <T> List<Outcome> exchange(
      List<T> request, Pacer.Permit permit, Kind<T> kind, AtomicBoolean isFailing) {
    boolean isAnswered = false;
    double used = 0;
    try {
      var answer = kind.send.apply(request);
      used = answer.units() + byTheRules(request, answer, kind);
      count(answer, used);
      isAnswered = true;
      return answer.outcomes();
    } finally {
      if (!isAnswered) {
        isFailing.set(true);
      }
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
      pacer.throttled(answer.throttles());
    }
    synchronized (this) {
      tally = tally.plus(answer.throttles()).plus(Counter.WRITE_UNITS, used);
    }
  }

  /** Waits for all before it throws, so that no write is on its way any more when a slice ends. */
  private Sent joined(List<Sending> sent, int writes) {
    inFlight.acquireUninterruptibly(mostInFlight);
    inFlight.release(mostInFlight);
    var outcomes = new ArrayList<Outcome>();
    @Nullable TableUnavailable trouble = null;
    for (Sending request : sent) {
      try {
        outcomes.addAll(request.answer.join());
      } catch (CompletionException e) {
        if (e.getCause() instanceof TableUnavailable unavailable) {
          trouble = trouble == null ? unavailable : trouble;
          outcomes.addAll(Collections.nCopies(request.writes, new Outcome.Unsettled()));
        } else if (e.getCause() instanceof RuntimeException cause) {
          throw cause;
        } else {
          throw e;
        }
      }
    }
    outcomes.addAll(Collections.nCopies(writes - outcomes.size(), new Outcome.Unsettled()));
    return new Sent(outcomes, Optional.ofNullable(trouble));
  }
}
