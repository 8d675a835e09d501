package dev.godwit.cli.plan;

import dev.godwit.cli.facts.IndexFacts;
import dev.godwit.cli.facts.TableFacts;
import dev.godwit.cli.facts.TableFacts.Recovery;
import dev.godwit.cli.facts.TableFacts.Scaling;
import dev.godwit.cli.facts.Throughput;
import dev.godwit.cli.sample.Interval;
import dev.godwit.cli.sample.Outcome;
import dev.godwit.cli.sample.TableSample;
import dev.godwit.run.text.TerminalText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** A plan as a page of text, for people. */
public final class PlanText {
  /** The head of what is asked before a run may start. */
  static final String CHECKS = "May it start?";

  private static final int MOST_LIMITS = 4;

  private final Plan plan;
  private final List<PlanSection> sections = new ArrayList<>();
  private String head = "";
  private List<List<String>> rows = List.of();
  private final List<String> notes = new ArrayList<>();

  private PlanText(Plan plan) {
    this.plan = plan;
  }

  /** The page. */
  public static String of(Plan plan) {
    return TerminalText.ofLines(
        sections(plan).stream()
            .map(PlanText::text)
            .collect(Collectors.joining(System.lineSeparator().repeat(2))));
  }

  /** What is on it. */
  static List<PlanSection> sections(Plan plan) {
    var text = new PlanText(plan);
    text.table();
    text.work();
    text.bills();
    text.time();
    text.advice();
    text.checks();
    text.end();
    return text.sections;
  }

  /** Ends the section before, and begins another. */
  private void head(String words) {
    end();
    head = words;
  }

  private void rows(List<List<String>> rows) {
    this.rows = rows;
  }

  private void end() {
    if (!head.isEmpty()) {
      sections.add(new PlanSection(head, rows, notes));
    }
    rows = List.of();
    notes.clear();
  }

  private static String text(PlanSection section) {
    var lines = new ArrayList<String>();
    lines.add(section.head());
    int columns = section.rows().stream().mapToInt(List::size).max().orElse(0);
    var widths = new int[columns];
    for (List<String> row : section.rows()) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : section.rows()) {
      var line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        line.append("  ").append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length()));
      }
      lines.add(line.toString().stripTrailing());
    }
    section.notes().forEach(note -> lines.add("  " + note));
    return String.join(System.lineSeparator(), lines);
  }

  private void table() {
    var table = plan.table();
    head("The table " + table.name());
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "holds",
            String.format(
                Locale.ROOT,
                "%,d items, %s, as DynamoDB has counted, which it does every six hours or so",
                table.items(),
                PlanWords.bytes((double) table.bytes()))));
    rows.add(
        List.of(
            "is", table.status() + " in " + table.region() + ", keyed by " + names(table.keys())));
    rows.add(List.of("is paid", paid(table)));
    for (IndexFacts index : table.indexes()) {
      rows.add(List.of("index", index(table, index)));
    }
    rows.add(
        List.of(
            "stream",
            table.stream().map(stream -> stream.view() + ", " + stream.arn()).orElse("none")));
    if (table.stream().isPresent()) {
      rows.add(
          List.of(
              "read by",
              table
                  .streamReaders()
                  .match(
                      readers -> readers.isEmpty() ? "no function" : String.join(", ", readers),
                      PlanText::unknown)));
    }
    rows.add(
        List.of(
            "Kinesis",
            table
                .kinesisStreams()
                .match(
                    streams -> streams.isEmpty() ? "none" : String.join(", ", streams),
                    PlanText::unknown)));
    rows.add(
        List.of(
            "replicas",
            table.replicas().isEmpty()
                ? "none"
                : String.join(
                        ", ",
                        table.replicas().stream()
                            .map(replica -> replica.region() + " (" + replica.status() + ")")
                            .toList())
                    + (table.isStronglyConsistent() ? ", strongly consistent" : "")));
    rows.add(
        List.of(
            "expiry",
            table.expiry().match(attribute -> attribute.orElse("none"), PlanText::unknown)));
    rows.add(List.of("recovery", table.recovery().match(PlanText::recovery, PlanText::unknown)));
    rows.add(
        List.of(
            "auto scaling",
            table
                .scaling()
                .match(
                    targets ->
                        targets.isEmpty()
                            ? "none"
                            : String.join(", ", targets.stream().map(PlanText::scaling).toList()),
                    PlanText::unknown)));
    rows.add(List.of("deletion", table.isProtected() ? "protected" : "not protected"));
    rows.add(List.of("encryption", table.encryption()));
    for (String wakes : plan.wakes()) {
      rows.add(List.of("a run", wakes));
    }
    rows(rows);
  }

  private static String names(List<String> names) {
    return String.join(" and ", names);
  }

  private static String unknown(String why) {
    return "unknown: " + why;
  }

  private static String paid(TableFacts table) {
    return (table.isOnDemand() ? "on demand" : "provisioned")
        + (table.isInfrequentAccess() ? ", infrequent access" : "")
        + ", "
        + throughput(table.isOnDemand(), table.throughput());
  }

  private static String throughput(boolean isOnDemand, Throughput throughput) {
    var parts = new ArrayList<String>();
    if (!isOnDemand) {
      parts.add(
          String.format(
              Locale.ROOT,
              "%,d read and %,d write units a second",
              throughput.readUnits(),
              throughput.writeUnits()));
    }
    parts.add(
        throughput.warmWriteUnits().isPresent()
            ? String.format(
                Locale.ROOT,
                "warm for %,d read and %,d write units a second",
                throughput.warmReadUnits().orElse(0),
                throughput.warmWriteUnits().getAsLong())
            : "warm throughput unknown");
    if (throughput.mostReadUnits().isPresent() || throughput.mostWriteUnits().isPresent()) {
      parts.add(
          "at most "
              + units(throughput.mostReadUnits())
              + " read and "
              + units(throughput.mostWriteUnits())
              + " write units a second");
    }
    return String.join(", ", parts);
  }

  private static String units(OptionalLong units) {
    return units.isPresent() ? String.format(Locale.ROOT, "%,d", units.getAsLong()) : "unlimited";
  }

  private static String index(TableFacts table, IndexFacts index) {
    return index.name()
        + " ("
        + (index.isGlobal() ? "global" : "local")
        + ") by "
        + names(index.keys())
        + ", "
        + index.projection()
        + (index.projected().isEmpty() ? "" : " " + String.join(", ", index.projected()))
        + String.format(
            Locale.ROOT,
            "; %,d entries, %s",
            index.items(),
            PlanWords.bytes((double) index.bytes()))
        + index
            .throughput()
            .map(throughput -> "; " + throughput(table.isOnDemand(), throughput))
            .orElse("");
  }

  private static String recovery(Recovery recovery) {
    return recovery.isOn()
        ? "to a point in time"
            + (recovery.days().isPresent()
                ? " of the last " + recovery.days().getAsInt() + " days"
                : "")
            + recovery.earliest().map(earliest -> ", back to " + earliest).orElse("")
        : "off";
  }

  private static String scaling(Scaling target) {
    return target.resource()
        + " "
        + target.dimension().substring(target.dimension().lastIndexOf(':') + 1)
        + " "
        + target.least()
        + " to "
        + target.most()
        + (target.isSuspended() ? " (suspended)" : "");
  }

  private void work() {
    var sample = plan.sample();
    head("The work of " + plan.request().migration() + " (" + plan.request().direction() + ")");
    var rows = new ArrayList<List<String>>();
    rows.add(
        List.of(
            "sample",
            String.format(
                Locale.ROOT,
                "%,d of %,d items, from %,d of %,d segments, for %,.1f read units%s",
                sample.items(),
                sample.tableItems(),
                sample.segments(),
                sample.totalSegments(),
                sample.readUnits(),
                sample.isComplete()
                    ? ": all there are, so nothing below is a guess"
                    : "; in brackets the bounds, with 95 % confidence")));
    if (sample.cutShort() > 0) {
      rows.add(
          List.of(
              "",
              String.format(
                  Locale.ROOT,
                  "of %,d segments only the first items were read: item collections that are larger"
                      + " than others count for less than they are",
                  sample.cutShort())));
    }
    for (Outcome outcome : Outcome.values()) {
      var count = sample.outcome(outcome);
      if (count.high() > 0 && (count.estimate() > 0 || isOfInterest(outcome))) {
        rows.add(
            List.of("would " + outcome.words(), PlanWords.count(count) + share(count, sample)));
      }
    }
    sample
        .errors()
        .forEach(
            (error, count) ->
                rows.add(
                    List.of(
                        "",
                        String.format(
                            Locale.ROOT, "%,d of the items read with %s", count, error))));
    rows.add(
        List.of(
            "item",
            String.format(
                Locale.ROOT,
                "%,.0f bytes before, %,.0f after, on average; at most %,d and %,d",
                sample.sizes().before(),
                sample.sizes().after(),
                sample.sizes().largestBefore(),
                sample.sizes().largestAfter())));
    if (sample.stepsCrossed().estimate() > 0) {
      rows.add(
          List.of(
              "KB steps",
              PlanWords.count(sample.stepsCrossed())
                  + " items begin another KB, and cost a unit more with each write from then on"));
    }
    for (TableSample.IndexEffects index : sample.indexes()) {
      rows.add(
          List.of(
              "index " + index.name(),
              PlanWords.count(index.added())
                  + " entries added, "
                  + PlanWords.count(index.moved())
                  + " moved, "
                  + PlanWords.count(index.removed())
                  + " removed, "
                  + PlanWords.count(index.rewritten())
                  + " rewritten"));
    }
    rows.add(
        List.of(
            "segments",
            String.format(
                Locale.ROOT,
                "those read had %,.1f items each, the largest %,d; the most of one partition key: %,d",
                sample.spread().itemsASegment(),
                sample.spread().largestSegment(),
                sample.spread().largestCollection())));
    rows.add(
        List.of(
            "transform",
            String.format(
                Locale.ROOT, "%,.0f microseconds an item on this machine", sample.microsAnItem())));
    rows(rows);
  }

  /** What nobody wants is told also when none was met, as far as it may be all the same. */
  private static boolean isOfInterest(Outcome outcome) {
    return outcome == Outcome.FAILED || outcome == Outcome.REFUSED;
  }

  private static String share(Interval count, TableSample sample) {
    return sample.tableItems() == 0
        ? ""
        : String.format(Locale.ROOT, ", %.1f %%", 100 * count.estimate() / sample.tableItems());
  }

  private void bills() {
    var prices = plan.prices();
    for (Bill bill : plan.bills()) {
      head(
          "The bill, "
              + bill.name()
              + (bill.isOfTheTable() ? "" : " (not how this table is paid for)")
              + ": "
              + total(bill));
      var rows = new ArrayList<List<String>>();
      for (BillLine line : bill.lines()) {
        rows.add(
            List.of(
                line.what(),
                line.amount().isExact()
                    ? BillLine.number(line.amount().estimate()) + " " + line.unit()
                    : BillLine.number(line.amount().estimate())
                        + " ("
                        + BillLine.number(line.amount().low())
                        + " to "
                        + BillLine.number(line.amount().high())
                        + ") "
                        + line.unit(),
                line.dollars().map(PlanWords::dollars).orElse("unknown"),
                line.arithmetic()));
      }
      rows(rows);
    }
    notes.add(
        prices.areKnown()
            ? "Prices of "
                + prices.region()
                + ", read "
                + prices.read()
                + ": "
                + prices.source()
                + "."
            : "Prices of "
                + prices.region()
                + " are not in this build: scripts/update-prices fetches them, --live-prices asks for them.");
    notes.add(
        "Without free tiers, savings plans and taxes, and without writes that are tried again because somebody else wrote first.");
  }

  private static String total(Bill bill) {
    return PlanWords.dollars(bill.dollars())
        + (bill.isMoreThanKnown() ? ", and what is unknown" : "");
  }

  private void time() {
    var bill = plan.bill();
    head("The time, " + bill.name() + ": " + heldBy(bill.pace()));
    rows(
        bill.pace().limits().stream()
            .limit(MOST_LIMITS)
            .map(limit -> List.of(PlanWords.time(limit.seconds()), limit.name(), limit.why()))
            .toList());
    plan.bills().stream()
        .skip(1)
        .forEach(other -> notes.add(other.name() + ": " + heldBy(other.pace())));
  }

  private static String heldBy(Pace pace) {
    var binding = pace.binding();
    return PlanWords.time(binding.seconds())
        + ", held by "
        + binding.name()
        + (binding.isKnown() ? "" : " (assumed)");
  }

  private void advice() {
    head("Advice");
    rows(
        plan.advice().stream()
            .map(
                suggestion ->
                    List.of(
                        suggestion.option()
                            + (suggestion.value().isEmpty() ? "" : " " + suggestion.value()),
                        suggestion.why()))
            .toList());
    notes.add(plan.command());
  }

  private void checks() {
    head(CHECKS);
    rows(
        plan.checks().stream()
            .map(check -> List.of(check.answer().toString(), check.question(), check.why()))
            .toList());
  }
}
