package dev.godwit.worker.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A run of thousands of workers over the partitions of a table, half a second a step: how long it
 * takes, how much of what the table can take is used, how much is throttled, and how long workers
 * are paid for. Every write costs one unit.
 *
 * <p>The rules are those of the worker's {@code Pacer}: a worker that was throttled goes on at two
 * thirds, at most twice a second, and grows by a twentieth a second; its share of the budget is
 * budget ÷ segments still going, as the rate document told five seconds ago. Reads and other
 * writers are left out, and so is burst capacity.
 *
 * <p>What is under one key stays on one partition, as with a local secondary index: the worst case,
 * for DynamoDB may divide such a collection.
 *
 * <p>Seeded: the same numbers each time. {@code main} prints a table in Markdown.
 */
final class FleetSimulation {
  private static final double STEP_SECONDS = 0.5;

  /**
   * Of one partition: developer guide, "Understanding DynamoDB warm throughput in different
   * scenarios"; read 2026-11-26.
   */
  private static final double UNITS_OF_A_PARTITION = 1_000;

  /** Standard children that start in a second, as Lambda's functions do: 1,000 in ten seconds. */
  private static final double STARTS_A_SECOND = 100;

  /** What one worker can write by itself. */
  private static final double UNITS_OF_A_WORKER = 2_500;

  /** How old what a worker knows of the others is: it reads every 5 s, and waits one more. */
  private static final int STEPS_BEHIND = 12;

  private static final int STATEMENTS = 25;

  /**
   * What is simulated.
   *
   * @param items of the table
   * @param oneKey how many of them, of one, are under a single key
   * @param segments into how many parts the table is cut
   * @param atOnce how many of them at a time
   * @param partitions of the table
   * @param budget in units a second
   * @param shuffled whether segments are taken in any order
   * @param moving whether shares of the budget grow when segments are finished
   */
  record Run(
      double items,
      double oneKey,
      int segments,
      int atOnce,
      int partitions,
      double budget,
      boolean shuffled,
      boolean moving) {}

  /**
   * How it went.
   *
   * @param seconds until the last item was written
   * @param used how much of the smaller of budget and partitions' units was used, of one
   * @param attempts for each item
   * @param workerSeconds that were paid for
   * @param most units that were written in any step, a second
   */
  record Result(double seconds, double used, double attempts, double workerSeconds, double most) {}

  private static final class Worker {
    private final int segment;
    private final double all;
    private double left;
    private double rate = UNITS_OF_A_WORKER;
    private double wanted;
    private int partition;

    Worker(int segment, double items) {
      this.segment = segment;
      this.all = items;
      this.left = items;
    }
  }

  private final Run run;
  private final Random random;
  private final List<Integer> waiting;
  private final int keysSegment;
  private final int[] finishedBefore = new int[STEPS_BEHIND];
  private List<Worker> workers = new ArrayList<>();
  private int steps;
  private int finished;
  private double attempts;
  private double workerSeconds;
  private double most;

  private FleetSimulation(Run run, long seed) {
    this.run = run;
    this.random = new Random(seed);
    this.waiting = new ArrayList<>(IntStream.range(0, run.segments).boxed().toList());
    if (run.shuffled) {
      Collections.shuffle(waiting, random);
    }
    Collections.reverse(waiting); // the next is taken from the end
    this.keysSegment = random.nextInt(run.segments);
  }

  static Result of(Run run, long seed) {
    return new FleetSimulation(run, seed).result();
  }

  private Result result() {
    double seconds = 0;
    double mayStart = 0;
    while (finished < run.segments) {
      mayStart = Math.min(run.atOnce, mayStart + STARTS_A_SECOND * STEP_SECONDS);
      while (workers.size() < mayStart && !waiting.isEmpty()) {
        int segment = waiting.remove(waiting.size() - 1);
        workers.add(new Worker(segment, items(segment)));
      }
      step();
      seconds += STEP_SECONDS;
    }
    double possible = Math.min(run.budget, run.partitions * UNITS_OF_A_PARTITION);
    return new Result(
        seconds, run.items / seconds / possible, attempts / run.items, workerSeconds, most);
  }

  private double items(int segment) {
    return run.items * (1 - run.oneKey) / run.segments
        + (segment == keysSegment ? run.items * run.oneKey : 0);
  }

  private void step() {
    double share = share();
    var wanted = new double[run.partitions];
    for (Worker worker : workers) {
      worker.wanted = Math.min(Math.min(worker.rate, share), worker.left / STEP_SECONDS);
      double at = (worker.segment + 1 - worker.left / worker.all) / run.segments;
      worker.partition = Math.min(run.partitions - 1, (int) (at * run.partitions));
      wanted[worker.partition] += worker.wanted;
    }
    var taken =
        Arrays.stream(wanted).map(units -> Math.min(1, UNITS_OF_A_PARTITION / units)).toArray();
    double written = 0;
    var going = new ArrayList<Worker>(workers.size());
    for (Worker worker : workers) {
      double part = taken[worker.partition];
      double units = worker.wanted * part * STEP_SECONDS;
      worker.left -= units;
      written += units;
      attempts += worker.wanted * STEP_SECONDS;
      pace(worker, part);
      if (worker.left > 1e-6) {
        going.add(worker);
      } else {
        finished++;
      }
    }
    most = Math.max(most, written / STEP_SECONDS);
    workerSeconds += workers.size() * STEP_SECONDS;
    workers = going;
    finishedBefore[steps++ % STEPS_BEHIND] = finished;
  }

  private void pace(Worker worker, double part) {
    double requests = Math.max(1, worker.wanted * STEP_SECONDS / STATEMENTS);
    boolean throttled = part < 1 && random.nextDouble() > Math.pow(part, requests);
    worker.rate =
        throttled
            ? Math.max(1, worker.wanted * 2 / 3)
            : Math.min(
                UNITS_OF_A_WORKER, worker.rate + Math.max(5, worker.rate / 20) * STEP_SECONDS);
  }

  private double share() {
    int told = run.moving ? finishedBefore[steps % STEPS_BEHIND] : 0;
    return run.budget / Math.min(run.atOnce, run.segments - told);
  }

  public static void main(String[] arguments) {
    System.out.println("| run | hours | used | attempts an item | paid for each item, ms |");
    System.out.println("|---|---|---|---|---|");
    var evenly = new Run(1e8, 0, 100_000, 10_000, 40, 40_000, true, true);
    print("10,000 workers, shuffled segments", evenly);
    print("the same, segments in order", order(evenly));
    print("40 workers, shuffled segments", atOnce(evenly, 40));
    print("100 workers, shuffled segments", atOnce(evenly, 100));
    print("400 workers, shuffled segments", atOnce(evenly, 400));
    print("1,000 workers, shuffled segments", atOnce(evenly, 1_000));
    var oneKey = new Run(1e8, 0.7, 100_000, 10_000, 40, 40_000, true, true);
    print("10,000 workers, 70 % under one key, moving budget", oneKey);
    print("the same, budget split once", split(oneKey));
    var small = new Run(1_500, 0.8, 20, 20, 4, 300, true, true);
    print("1,500 items, 80 % under one key, 20 workers, budget 300, moving", small);
    print("the same, budget split once", split(small));
  }

  private static Run order(Run run) {
    return new Run(
        run.items,
        run.oneKey,
        run.segments,
        run.atOnce,
        run.partitions,
        run.budget,
        false,
        run.moving);
  }

  private static Run split(Run run) {
    return new Run(
        run.items,
        run.oneKey,
        run.segments,
        run.atOnce,
        run.partitions,
        run.budget,
        run.shuffled,
        false);
  }

  private static Run atOnce(Run run, int workers) {
    return new Run(
        run.items,
        run.oneKey,
        run.segments,
        workers,
        run.partitions,
        run.budget,
        run.shuffled,
        run.moving);
  }

  private static void print(String name, Run run) {
    var result = of(run, 1);
    System.out.printf(
        Locale.ROOT,
        "| %s | %.2f | %.0f %% | %.2f | %.1f |%n",
        name,
        result.seconds / 3600,
        100 * result.used,
        result.attempts,
        1000 * result.workerSeconds / run.items);
  }
}
