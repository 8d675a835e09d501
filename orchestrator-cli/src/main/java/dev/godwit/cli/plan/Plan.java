package dev.godwit.cli.plan;

import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.plan.Check.Answer;
import dev.godwit.cli.price.Prices;
import dev.godwit.cli.sample.TableSample;
import dev.godwit.run.RunRequest;
import java.time.Instant;
import java.util.List;

/**
 * A run before it begins.
 *
 * @param at when the table was looked at
 * @param request the run, as asked for and else as advised
 * @param carrier what carries it out
 * @param seed that the sample was drawn with: the same one draws the same again
 * @param bills at least one; that of the table and of the request first
 * @param wakes what else its writes set going or meet, for people
 * @param command that begins it
 */
public record Plan(
    Instant at,
    RunRequest request,
    Carrier carrier,
    TableFacts table,
    TableSample sample,
    long seed,
    Needs needs,
    Prices prices,
    List<Bill> bills,
    List<String> wakes,
    List<Suggestion> advice,
    List<Check> checks,
    String command) {
  public Plan {
    bills = List.copyOf(bills);
    wakes = List.copyOf(wakes);
    advice = List.copyOf(advice);
    checks = List.copyOf(checks);
  }

  /** What stands in the way. */
  public List<Check> obstacles() {
    return checks.stream().filter(check -> check.answer() == Answer.NO).toList();
  }

  /** The bill as the table is paid for, and as was asked for. */
  public Bill bill() {
    return bills.get(0);
  }

  /**
   * The check whether the table can be had back as it was.
   *
   * @throws java.util.NoSuchElementException never: it is always among them
   */
  public Check recovery() {
    return checks.stream()
        .filter(check -> check.name().equals(Checker.RECOVERY))
        .findFirst()
        .orElseThrow();
  }
}
