package dev.godwit.cli.plan;

import java.util.List;

/**
 * A part of a plan, for people.
 *
 * @param head above it
 * @param rows in columns
 * @param notes sentences below these
 */
record PlanSection(String head, List<List<String>> rows, List<String> notes) {
  PlanSection {
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
  }
}
