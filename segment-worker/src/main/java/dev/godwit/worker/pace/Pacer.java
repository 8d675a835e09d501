package dev.godwit.worker.pace;

import dev.godwit.run.Tally;
import dev.godwit.run.ledger.Slowdown;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PriorityQueue;

/**
 * Keeps the capacity units that a worker consumes within a budget, over any window of one second,
 * and within what the table can take.
 *
 * <p><b>Budget.</b> A request waits until it and everything still counted fit into one second's
 * budget. What counts: a request on its way at what it is expected to consume, an answered one at
 * what DynamoDB reported, until one second after its answer. So the answers of no window of a
 * second add up to more than the budget, whatever the latencies: those that come within a second
 * were all counted together when the last of them was sent. Nothing is taken off for the time that
 * answers take, because the next ones may be quicker; so of the budget 1 / (1 + seconds that an
 * answer takes) can be used. One request that is larger than the budget goes alone, and is paid off
 * afterwards.
 *
 * <p><b>What a request is expected to consume</b> is what its sender estimates, times the most that
 * the last few of its kind have consumed for each unit of their estimates. What one kind shows says
 * nothing of another: pages of an index consume all of their estimates, and items that are read by
 * their keys a hundredth, since a key does not tell how large its item is. So a sender may estimate
 * the worst case, and nothing has to be known beforehand. Of a kind without an answer one goes when
 * nothing else counts; no other is sent before its answer unless it still fits. Of things that are
 * estimated alike and do not consume alike, some more is expected than the last few have shown, by
 * how far these lay apart ({@link Expectation}), and a request is for no more than those were for
 * together. A pacer learns for itself, and keeps what it has learnt from slice to slice: elsewhere
 * items may be smaller. A request that still consumes more than was expected may make its second
 * exceed the budget by the difference; so senders keep requests small.
 *
 * <p>A pacer begins with a second in which it lets nothing pass, and so does one that was idle for
 * a second: whoever had the same share meanwhile, on whatever machine, may just have used it. On
 * the same machine, {@link Pacers} hands it on.
 *
 * <p><b>A budget that moves.</b> The share is the run's budget divided by the number of segments
 * still going. Both are read from the ledger every few seconds, by each worker for itself, so that
 * workers go by different numbers. The shares of all of them still add up to no more than the
 * budget, in any window of a second:
 *
 * <ul>
 *   <li>Segments still going only get fewer, but for when somebody lets more be at work at once
 *       (below), and one is counted as finished only when all its answers have come, once. So an
 *       old number, a read that failed, a count that was missed: all of them make a share too
 *       small, never too large.
 *   <li>A share that has grown is taken a second after that was seen. The last answers of the
 *       segments that have finished are then a second old; no window has both these and what is
 *       sent beyond the old share.
 *   <li>A share that has shrunk, because somebody has lowered the budget, is taken at once. Until
 *       all workers have read it, and a second more, a window may have up to the budget before.
 * </ul>
 *
 * <p><b>More at once.</b> Whoever lets more segments be at work first writes their number into the
 * rate document, by which everybody divides who reads it, and lets them begin {@link
 * dev.godwit.run.slice.Sharing#RAISED_AFTER} later. Nobody goes by a number that was read longer
 * ago than {@link dev.godwit.run.slice.Sharing#KNOWN_FOR}: who reads nothing newer divides by all
 * segments that are not finished, and more are never at work. So when the first additional one
 * begins, every worker divides by at least as many as are at work from then on. That number in the
 * document only grows: when somebody lets fewer be at work, those that are go on to the ends of
 * their segments, nobody knows when the last of them has, and a redriven run may begin with as many
 * as at first. So fewer workers keep their shares, and use less of the budget.
 *
 * <p>A worker that has read nothing yet reads first. If it cannot, it divides the budget that the
 * run was asked for by all segments.
 *
 * <p><b>Throttling</b> lowers the rate of the worker that meets it by a third, at most twice a
 * second, and it grows back by a twentieth of the budget (or, without one, of the rate before the
 * last throttle, and at least by five units) each second; after a limit that does not move, not
 * before that is over ({@link Slowdown.Limit#held}).
 *
 * <p>A limit that all workers meet, as that of the table or of an index, also lowers what the run
 * is to do altogether ({@link RunRate}). That is in the share, so nothing above is different: what
 * is shared out is never more than the budget. Without a budget there is nothing to share out, so
 * each worker that did anything lowers its own rate by a third when it hears of it.
 *
 * <p>Thread-safe.
 */
public final class Pacer {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long BETWEEN_DECREASES = SECOND / 2;

  /** For the same cause as another that has told of it since. */
  private static final long SLOWED_BY_ITSELF = 5 * SECOND;

  private static final double INCREASE_PER_SECOND = 1 / 20.0;
  private static final double SLOWEST = 1;

  /** Units per second, each second: a worker that was throttled while it did little gets going. */
  private static final double LEAST_GROWTH = 5;

  /** So fine that what is left of a second's budget when no request fits any more is small. */
  private static final int REQUESTS_PER_SECOND = 20;

  /** The kind of requests that have none of their own. */
  private static final String ANY = "any";

  private static final Duration POLL = Duration.ofMillis(2);

  private final Timer timer;
  private final Counted counted = new Counted();
  private final Map<String, Expectation> expectations = new HashMap<>();
  private Share share;
  private double budget;
  private double awaited;
  private long awaitedSince;
  private double rate;
  private double growth;
  private long ratedAt;
  private long decreasedAt;
  private long opensAt;
  private long growsFrom;
  private long idleSince;
  private long slowdowns;

  /**
   * A pacer that lets nothing pass for a second, if there is a budget.
   *
   * @param unitsPerSecond the budget; absent for none, when only throttling slows the worker down
   */
  public Pacer(OptionalDouble unitsPerSecond, Timer timer) {
    this(() -> unitsPerSecond, timer);
  }

  /** A pacer whose budget is {@code share}, as it moves. */
  Pacer(Share share, Timer timer) {
    this.timer = timer;
    this.share = share;
    this.budget = units(share);
    this.awaited = budget;
    this.rate = budget;
    this.growth = budget * INCREASE_PER_SECOND;
    this.ratedAt = timer.nanos();
    this.decreasedAt = ratedAt - SLOWED_BY_ITSELF;
    this.growsFrom = ratedAt;
    this.slowdowns = share.slowdowns();
    this.idleSince = ratedAt;
    this.opensAt = Double.isInfinite(budget) ? ratedAt : ratedAt + SECOND;
  }

  private static double units(Share share) {
    return share.unitsPerSecond().orElse(Double.POSITIVE_INFINITY);
  }

  /** From now on another slice goes by this, with a share of its own. */
  void handTo(Share next) {
    double told = units(next);
    synchronized (this) {
      share = next;
      long now = timer.nanos();
      if (now - idleSince >= SECOND && !Double.isInfinite(told)) {
        opensAt = now + SECOND;
        take(told);
        awaited = told;
      }
    }
  }

  /** Nobody goes by this any more; what has been sent is answered. */
  synchronized void rest() {
    idleSince = timer.nanos();
  }

  /** The budget as it is at present; absent for none. */
  public OptionalDouble unitsPerSecond() {
    return share().unitsPerSecond();
  }

  private synchronized Share share() {
    return share;
  }

  /**
   * How much one request should be expected to consume at most, in the same measure as {@link
   * #acquire}'s.
   */
  public double mostPerRequest() {
    return mostPerRequest(ANY);
  }

  /**
   * As above, for requests of a kind of its own. Under a budget no more than the last few were for
   * together: of one small thing alone nobody learns what fifty others consume. Zero when nothing
   * is known; one thing may be asked for then.
   */
  public synchronized double mostPerRequest(String kind) {
    var expectation = expectation(kind);
    double most = rate / REQUESTS_PER_SECOND / expectation.ratio();
    return expectation.isOfAlike() && !Double.isInfinite(budget)
        ? Math.min(most, expectation.known())
        : most;
  }

  /**
   * Waits until a request may be sent.
   *
   * @param estimate the units that it will consume at most, as far as the sender knows; what
   *     earlier requests really consumed corrects it
   * @return empty when {@code deadline} came first; a request that need not wait may go even then
   */
  public Optional<Permit> acquire(double estimate, Deadline deadline) {
    return acquire(ANY, estimate, deadline);
  }

  /**
   * As above, for a request of a kind of its own: what others consume does not tell of it.
   *
   * @param kind of requests for one or more things, each of which is estimated the same
   */
  public Optional<Permit> acquire(String kind, double estimate, Deadline deadline) {
    while (true) {
      var shared = share();
      double told = units(shared); // with no lock held: it may take as long as a read
      long slowed = shared.slowdowns();
      Duration wait;
      synchronized (this) {
        long now = timer.nanos();
        recover(now);
        follow(told, now);
        slowWithTheOthers(slowed, now);
        counted.forget(now);
        var expectation = expectation(kind);
        double expected = expectation.of(estimate);
        if (now >= opensAt
            && (counted.isNothing()
                || (isKnowing(expectation) && counted.units() + expected <= rate))) {
          counted.sent(expected);
          return Optional.of(new Permit(expectation, estimate, expected));
        }
        wait = now < opensAt ? Duration.ofNanos(opensAt - now) : counted.untilLess(now);
      }
      if (!timer.sleep(wait.compareTo(Timer.STEP) < 0 ? wait : Timer.STEP, deadline)) {
        return Optional.empty();
      }
    }
  }

  /** Goes by a budget of {@code told}: at once if it is smaller, in a second if it is larger. */
  private void follow(double told, long now) {
    if (told <= budget) {
      take(told);
      awaited = told;
    } else if (awaited <= budget) {
      awaited = told;
      awaitedSince = now;
    } else {
      awaited = Math.min(awaited, told);
      if (now - awaitedSince >= SECOND) {
        take(awaited);
      }
    }
  }

  /** A rate that was lowered for throttling stays so, and grows back as before. */
  private void take(double units) {
    rate = rate < budget ? Math.min(rate, units) : units;
    if (units != budget && !Double.isInfinite(units)) {
      growth = units * INCREASE_PER_SECOND;
    }
    budget = units;
  }

  private Expectation expectation(String kind) {
    return expectations.computeIfAbsent(kind, it -> new Expectation(!it.equals(ANY)));
  }

  private boolean isKnowing(Expectation expectation) {
    return Double.isInfinite(budget) || expectation.isLearnt();
  }

  /**
   * DynamoDB refused requests, or parts of them, for going too fast.
   *
   * @param throttles how many, by what
   */
  public void throttled(Tally throttles) {
    Share told;
    synchronized (this) {
      long now = timer.nanos();
      recover(now);
      Slowdown.Limit.of(throttles)
          .map(limit -> now + limit.held().toNanos())
          .filter(until -> until - growsFrom > 0)
          .ifPresent(until -> growsFrom = until);
      if (now - decreasedAt >= BETWEEN_DECREASES) {
        decrease(now);
      }
      told = share;
    }
    told.throttled(throttles); // with no lock held
  }

  /** Without a budget; with one the share is smaller. Who did nothing has nothing to lower. */
  private void slowWithTheOthers(long told, long now) {
    if (told == slowdowns) {
      return;
    }
    slowdowns = told;
    if (Double.isInfinite(budget)
        && !counted.isNothing()
        && now - decreasedAt >= SLOWED_BY_ITSELF) {
      decrease(now);
    }
  }

  private void decrease(long now) {
    decreasedAt = now;
    double present = Math.min(rate, Math.max(SLOWEST, counted.units()));
    growth =
        Double.isInfinite(budget)
            ? Math.max(LEAST_GROWTH, present * INCREASE_PER_SECOND)
            : budget * INCREASE_PER_SECOND;
    rate = Math.min(budget, Math.max(SLOWEST, present * Slowdown.STEP));
  }

  private void recover(long now) {
    long from = growsFrom - ratedAt > 0 ? growsFrom : ratedAt;
    if (rate < budget && now - from > 0) {
      rate = Math.min(budget, rate + growth * (now - from) / SECOND);
    }
    ratedAt = now;
  }

  /** What counts at present: the requests on their way, and those answered within a second. */
  private static final class Counted {
    private final PriorityQueue<Answered> answered =
        new PriorityQueue<>(Comparator.comparingLong(Answered::until));
    private int onTheirWay;
    private double units;

    private record Answered(double units, long until) {}

    void sent(double expected) {
      onTheirWay++;
      units += expected;
    }

    /** A request that was {@link #sent} is answered, and counts for what it has consumed. */
    void answered(double expected, double actual, long until) {
      onTheirWay--;
      units -= expected;
      answered(actual, until);
    }

    void answered(double actual, long until) {
      units += actual;
      answered.add(new Answered(actual, until));
    }

    void forget(long now) {
      for (var next = answered.peek(); next != null && next.until <= now; next = answered.peek()) {
        units -= answered.remove().units;
      }
      if (isNothing()) {
        units = 0; // sums and differences leave a little
      }
    }

    boolean isNothing() {
      return onTheirWay == 0 && answered.isEmpty();
    }

    double units() {
      return units;
    }

    Duration untilLess(long now) {
      var next = answered.peek();
      return next == null ? POLL : Duration.ofNanos(next.until - now);
    }
  }

  /**
   * One request that was let through; its sender owes {@link #used} exactly once, even when it
   * failed.
   */
  public final class Permit {
    private final Expectation expectation;
    private final double estimate;
    private final double expected;

    private Permit(Expectation expectation, double estimate, double expected) {
      this.expectation = expectation;
      this.estimate = estimate;
      this.expected = expected;
    }

    /** Reports the units that the request has consumed. */
    public void used(double actual) {
      used(actual, 1);
    }

    /**
     * Reports the units that the request has consumed.
     *
     * @param part how much of what was estimated has been done for them, from 0 to 1
     */
    public void used(double actual, double part) {
      synchronized (Pacer.this) {
        long now = timer.nanos();
        expectation.learn(estimate * part, actual);
        double seconds = Double.isInfinite(rate) ? 1 : Math.max(1, actual / rate);
        counted.answered(expected, actual, now + (long) (seconds * SECOND));
      }
    }
  }
}
