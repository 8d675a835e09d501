package dev.godwit.cli.plan;

import dev.godwit.cli.console.Versions;
import dev.godwit.cli.page.Page;
import dev.godwit.cli.page.Page.Mood;
import dev.godwit.cli.page.Part;
import dev.godwit.cli.page.Part.Cell;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A plan as a page to look at. */
public final class PlanPage {
  private PlanPage() {}

  /** The page; it says what the plan's text says. */
  public static Page of(Plan plan) {
    var sections = new ArrayList<Page.Section>();
    var texts = PlanText.sections(plan);
    for (int i = 0; i < texts.size(); i++) {
      sections.add(section("part-" + (i + 1), texts.get(i), plan));
    }
    return new Page(
        "Plan: " + plan.request().migration() + " over " + plan.request().tableName(),
        lead(plan),
        plan.obstacles().isEmpty() ? Mood.GOOD : Mood.BAD,
        sections,
        "Made by Godwit "
            + Versions.ofThisBuild().godwit()
            + ", which looked at the table at "
            + plan.at().truncatedTo(ChronoUnit.SECONDS)
            + ". This page loads nothing and asks nobody.");
  }

  private static String lead(Plan plan) {
    var bill = plan.bill();
    var obstacles = plan.obstacles();
    return String.format(
        Locale.ROOT,
        "%s; %s%s; %s.",
        obstacles.isEmpty()
            ? "Nothing that is known stands in the way"
            : "It should not start: " + obstacles.get(0).why(),
        PlanWords.dollars(bill.dollars()),
        bill.isMoreThanKnown() ? " and what is unknown" : "",
        PlanWords.time(bill.pace().binding().seconds())
            + ", held by "
            + bill.pace().binding().name());
  }

  private static Page.Section section(String name, PlanSection section, Plan plan) {
    var parts = new ArrayList<Part>();
    int columns = section.rows().stream().mapToInt(List::size).max().orElse(0);
    if (columns == 2) {
      parts.add(
          new Part.Facts(
              section.rows().stream().map(row -> new Part.Fact(row.get(0), row.get(1))).toList()));
    } else if (columns > 2) {
      parts.add(
          new Part.Rows(
              section.head(),
              heads(section, columns),
              section.rows().stream().map(row -> row.stream().map(Cell::text).toList()).toList(),
              false));
    }
    for (String note : section.notes()) {
      parts.add(note.equals(plan.command()) ? new Part.Verbatim(note) : new Part.Text(note));
    }
    return new Page.Section(name, section.head(), parts);
  }

  /** Those of bills have four columns, those of limits and checks three. */
  private static List<String> heads(PlanSection section, int columns) {
    if (columns == 4) {
      return List.of("what", "how much", "dollars", "why so");
    }
    return section.head().equals(PlanText.CHECKS)
        ? List.of("answer", "question", "why so")
        : List.of("at least", "because of", "why so");
  }
}
