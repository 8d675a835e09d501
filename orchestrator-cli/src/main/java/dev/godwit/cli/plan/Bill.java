package dev.godwit.cli.plan;

import dev.godwit.cli.sample.Interval;
import java.util.List;

/**
 * What a run costs in one way of paying for the table.
 *
 * @param name of that way, for people
 * @param isOfTheTable whether it is how the table is paid for
 * @param lines what is charged, each line once
 * @param pace how long the run takes then
 */
public record Bill(String name, boolean isOfTheTable, List<BillLine> lines, Pace pace) {
  public Bill {
    lines = List.copyOf(lines);
  }

  /** The sum of what is known. */
  public Interval dollars() {
    return lines.stream()
        .flatMap(line -> line.dollars().stream())
        .reduce(Interval.ZERO, Interval::plus);
  }

  /** Whether something is charged of which it is not known how much. */
  public boolean isMoreThanKnown() {
    return lines.stream().anyMatch(line -> line.dollars().isEmpty() && line.amount().high() > 0);
  }
}
