package dev.godwit.worker.pace;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * One sender that keeps up to so many requests in flight, through a {@link Pacer}, against a table
 * that answers after some time: events on a clock of their own, nobody sleeps.
 */
final class Simulation implements Timer {
  static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final PriorityQueue<Exchange> onTheirWay = new PriorityQueue<>();
  private final List<Answered> answers = new ArrayList<>();
  private final int mostInFlight;
  private final Table table;
  private final Random random;
  private final Pacer pacer;
  private long now;

  /** What a request meets. */
  @FunctionalInterface
  interface Table {
    /**
     * How a request of {@code estimate} units is answered.
     *
     * @param now since the start
     */
    Reply reply(double estimate, long now, Random random);
  }

  /** How long an answer takes, what it says was consumed, and whether it was a throttle. */
  record Reply(double millis, double units, boolean throttled) {
    static Reply after(double millis, double units) {
      return new Reply(millis, units, false);
    }
  }

  /** An answer: when, and what it says was consumed. */
  record Answered(long at, double units) {}

  private record Exchange(long answeredAt, Reply reply, Pacer.Permit permit)
      implements Comparable<Exchange> {
    @Override
    public int compareTo(Exchange other) {
      return Long.compare(answeredAt, other.answeredAt);
    }
  }

  /** The size of the next write, in the sender's estimation. */
  @FunctionalInterface
  interface Sizes {
    double next(Random random);
  }

  Simulation(OptionalDouble budget, int mostInFlight, Table table, long seed) {
    this.mostInFlight = mostInFlight;
    this.table = table;
    this.random = new Random(seed);
    this.pacer = new Pacer(budget, this);
  }

  @Override
  public long nanos() {
    return now;
  }

  /** Passes the time: answers that come meanwhile come at their time. */
  @Override
  public void sleep(Duration duration) {
    long until = now + duration.toNanos();
    while (!onTheirWay.isEmpty() && onTheirWay.peek().answeredAt <= until) {
      takeAnswer();
    }
    now = until;
  }

  /** Sends requests of writes of {@code sizes} for {@code duration}; answers all answers. */
  List<Answered> run(Duration duration, Sizes sizes) {
    long end = now + duration.toNanos();
    double held = sizes.next(random);
    while (now < end) {
      while (onTheirWay.size() >= mostInFlight) {
        takeAnswer();
      }
      // as RequestSender does: as many writes to a request as the pacer advises, at least one
      double most = pacer.mostPerRequest();
      double estimate = held;
      held = sizes.next(random);
      for (int writes = 1; writes < 25 && estimate + held <= most; writes++) {
        estimate += held;
        held = sizes.next(random);
      }
      var permit = pacer.acquire(estimate, Deadline.NEVER).orElseThrow();
      var reply = table.reply(estimate, now, random);
      onTheirWay.add(new Exchange(now + (long) (reply.millis * 1e6), reply, permit));
    }
    while (!onTheirWay.isEmpty()) {
      takeAnswer();
    }
    return answers;
  }

  private void takeAnswer() {
    var exchange = onTheirWay.remove();
    now = Math.max(now, exchange.answeredAt);
    exchange.permit.used(exchange.reply.units);
    if (exchange.reply.throttled) {
      pacer.throttled(Tally.of(Counter.THROTTLES, 1));
    }
    answers.add(new Answered(now, exchange.reply.units));
  }

  /** The most units that the answers of any window of a second add up to. */
  static double mostInAnySecond(List<Answered> answers) {
    return mostInAnySecond(answers, 0);
  }

  /** As above, of windows that begin at {@code from} or later. */
  static double mostInAnySecond(List<Answered> answers, long from) {
    double most = 0;
    double sum = 0;
    int first = 0;
    for (Answered answer : answers) {
      if (answer.at < from) {
        first++;
        continue;
      }
      sum += answer.units;
      while (answers.get(first).at <= answer.at - SECOND) {
        sum -= answers.get(first++).units;
      }
      most = Math.max(most, sum);
    }
    return most;
  }

  /** The units of the answers from {@code from} to before {@code to}, for a second. */
  static double unitsPerSecond(List<Answered> answers, Duration from, Duration to) {
    return answers.stream()
            .filter(answer -> answer.at >= from.toNanos() && answer.at < to.toNanos())
            .mapToDouble(Answered::units)
            .sum()
        / to.minus(from).toSeconds();
  }
}
