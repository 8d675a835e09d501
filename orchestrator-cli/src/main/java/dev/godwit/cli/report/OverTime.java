package dev.godwit.cli.report;

import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.page.Part;
import dev.godwit.cli.page.Part.Cell;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.Throttles;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.Timeline;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** A run's charts over time, from what its segments have counted when. */
final class OverTime {
  private static final double MILLIS = 1_000;

  private final RunState state;
  private final Timeline timeline;

  /** The spans in which something was counted, and those around them, which say that it ended. */
  private final List<Long> spans;

  OverTime(RunState state, Timeline timeline) {
    this.state = state;
    this.timeline = timeline;
    var all = new TreeSet<Long>();
    for (long span : timeline.spans().keySet()) {
      all.add(span);
      all.add(span + 1);
    }
    this.spans = List.copyOf(all);
  }

  /** The charts; none when nothing is known. */
  List<Part> parts() {
    if (timeline.spans().isEmpty()) {
      return List.of(
          new Part.Text(
              "Nothing is known of how this run went over time: no segment of it has succeeded, or its worker does not tell."));
    }
    var parts = new ArrayList<Part>();
    parts.add(
        new Part.Text(
            String.format(
                Locale.ROOT,
                "Of the segments that succeeded, in spans of %,d s; times are UTC. A page counts in the span in which it was done.",
                timeline.seconds())));
    parts.add(
        chart(
            "items",
            "Items a second",
            "items",
            List.of(
                line("scanned", Counter.SCANNED),
                new Of(
                    state.request().mode().writes() ? "written" : "would be written",
                    OverTime::written),
                line("failed", Counter.FAILED)),
            OptionalInt.empty(),
            budgets -> OptionalInt.empty()));
    parts.add(
        chart(
            "writes",
            "Write units a second",
            "write units",
            List.of(line("consumed", Counter.WRITE_UNITS)),
            state.request().writeUnitsPerSecond(),
            RunRate.Budgets::writeUnitsPerSecond));
    parts.add(
        chart(
            "reads",
            "Read units a second",
            "read units",
            List.of(line("consumed", Counter.READ_UNITS)),
            state.request().readUnitsPerSecond(),
            RunRate.Budgets::readUnitsPerSecond));
    parts.add(throttles());
    return parts;
  }

  private Part throttles() {
    var total = timeline.total();
    var met = Throttles.COUNTERS.stream().filter(counter -> total.count(counter) > 0).toList();
    if (met.isEmpty()) {
      return new Part.Text("DynamoDB has throttled none of it.");
    }
    return chart(
        "throttles",
        "Throttled requests and items a second",
        "throttles",
        met.stream().map(counter -> line(Throttles.words(counter), counter)).toList(),
        OptionalInt.empty(),
        budgets -> OptionalInt.empty());
  }

  /** What a line shows of a span's counters. */
  private record Of(String name, ToDoubleFunction<Tally> amount) {}

  private static Of line(String name, Counter counter) {
    return new Of(name, tally -> tally.amount(counter));
  }

  private static double written(Tally tally) {
    return tally.amount(Counter.UPDATED)
        + tally.amount(Counter.DELETED)
        + tally.amount(Counter.PUT);
  }

  private Part chart(
      String name,
      String caption,
      String unit,
      List<Of> shown,
      OptionalInt asked,
      Function<RunRate.Budgets, OptionalInt> budget) {
    var changes = state.rate().map(RunRate::changes).orElse(List.of());
    var limits = limits(asked, budget, changes);
    var moments = new TreeSet<Double>();
    spans.forEach(span -> moments.add(at(timeline.beginOf(span))));
    limits.stream()
        .map(limit -> at(limit.from()))
        .filter(at -> at > moments.first() && at < moments.last())
        .toList()
        .forEach(moments::add);
    var lines = new ArrayList<Part.Line>();
    for (Of of : shown) {
      lines.add(new Part.Line(of.name(), moments.stream().map(at -> rate(of, at)).toList(), false));
    }
    if (limits.stream().anyMatch(limit -> limit.units().isPresent())) {
      lines.add(
          new Part.Line("budget", moments.stream().map(at -> limit(limits, at)).toList(), true));
    }
    return new Part.Chart(
        name,
        caption,
        told(shown, limits),
        unit + " a second",
        List.copyOf(moments),
        lines,
        figures(caption, shown, limits));
  }

  private double rate(Of of, double at) {
    long span = Math.floorDiv((long) Math.floor(at), timeline.seconds());
    var counted = timeline.spans().get(span);
    return counted == null ? 0 : of.amount().applyAsDouble(counted) / timeline.seconds();
  }

  /** A budget from a moment on. */
  private record Limit(Instant from, OptionalInt units) {}

  private List<Limit> limits(
      OptionalInt asked,
      Function<RunRate.Budgets, OptionalInt> budget,
      List<RunRate.Change> changes) {
    var limits = new ArrayList<Limit>();
    limits.add(new Limit(state.startedAt(), asked));
    for (RunRate.Change change : changes) {
      var units = budget.apply(change.budgets());
      limits.add(new Limit(Instant.parse(change.at()), units.isPresent() ? units : asked));
    }
    return limits;
  }

  private static double limit(List<Limit> limits, double at) {
    var now = limits.get(0).units();
    for (Limit limit : limits.subList(1, limits.size())) {
      if (at(limit.from()) <= at) {
        now = limit.units();
      }
    }
    return now.isPresent() ? now.getAsInt() : Double.NaN;
  }

  private static double at(Instant at) {
    return at.toEpochMilli() / MILLIS;
  }

  private String told(List<Of> shown, List<Limit> limits) {
    var told = new ArrayList<String>();
    for (Of of : shown) {
      var most = 0.0;
      var when = Instant.EPOCH;
      for (var span : timeline.spans().entrySet()) {
        double rate = of.amount().applyAsDouble(span.getValue()) / timeline.seconds();
        if (rate > most) {
          most = rate;
          when = timeline.beginOf(span.getKey());
        }
      }
      double all = of.amount().applyAsDouble(timeline.total());
      told.add(
          all == 0
              ? String.format(Locale.ROOT, "%s: none", of.name())
              : String.format(
                  Locale.ROOT,
                  "%s: %s in all, at most %s a second, from %s on",
                  of.name(),
                  Figures.amount(all),
                  Figures.amount(most),
                  clock(when)));
    }
    var last = limits.get(limits.size() - 1).units();
    if (last.isPresent()) {
      told.add(
          String.format(
              Locale.ROOT,
              "budget: %,d a second%s",
              last.getAsInt(),
              limits.stream().map(Limit::units).distinct().count() > 1 ? " in the end" : ""));
    }
    return String.join("; ", told) + ".";
  }

  private Part.Rows figures(String caption, List<Of> shown, List<Limit> limits) {
    var heads = new ArrayList<String>();
    heads.add("from (UTC)");
    shown.forEach(of -> heads.add(of.name() + " a second"));
    shown.forEach(of -> heads.add(of.name()));
    heads.add("budget");
    var rows = new ArrayList<List<Cell>>();
    timeline
        .spans()
        .forEach(
            (span, counted) -> {
              var row = new ArrayList<Cell>();
              row.add(Cell.text(clock(timeline.beginOf(span))));
              shown.forEach(
                  of ->
                      row.add(
                          Cell.number(
                              Figures.amount(
                                  of.amount().applyAsDouble(counted) / timeline.seconds()))));
              shown.forEach(
                  of -> row.add(Cell.number(Figures.amount(of.amount().applyAsDouble(counted)))));
              double limit = limit(limits, at(timeline.beginOf(span)));
              row.add(Cell.number(Double.isNaN(limit) ? "none" : Figures.amount(limit)));
              rows.add(row);
            });
    return new Part.Rows(caption, heads, rows, true);
  }

  private static String clock(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", "");
  }
}
