package dev.godwit.cli.report;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import dev.godwit.run.text.TerminalText;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * One sampled change as a person reads it: the item's key, then a line for each attribute that
 * differs.
 */
public final class SampleDiff {
  /** Longer values are cut: a diff is to be looked over, the whole items are in the record. */
  private static final int LONGEST_VALUE = 60;

  private SampleDiff() {}

  /**
   * The lines of one sample.
   *
   * @param key the item's key attributes
   * @param before of an item that is put as it is where nothing was, the same: all of it is shown
   * @param after absent when the item would be deleted
   */
  public static String of(Item key, Item before, Optional<Item> after) {
    var lines = new ArrayList<String>();
    var title =
        key.names().stream()
            .map(name -> TerminalText.of(name) + " " + shown(key.value(name)))
            .collect(Collectors.joining(", "));
    if (after.isEmpty()) {
      return title + "  would be deleted";
    }
    lines.add(title);
    var from = after.get().equals(before) ? key : before; // it is new where it is put
    var difference = after.get().differenceFrom(from);
    var names = new TreeSet<>(difference.set());
    names.addAll(difference.removed());
    int width = names.stream().map(TerminalText::of).mapToInt(String::length).max().orElse(0);
    for (String name : names) {
      var shown = TerminalText.of(name);
      lines.add(
          line(
              shown + " ".repeat(width - shown.length()), from.find(name), after.get().find(name)));
    }
    return String.join(System.lineSeparator(), lines);
  }

  private static String line(String name, Optional<Value> before, Optional<Value> after) {
    if (before.isEmpty()) {
      return "  + " + name + "  " + after.map(SampleDiff::shown).orElse("");
    }
    if (after.isEmpty()) {
      return "  - " + name + "  " + shown(before.get());
    }
    return "  ~ " + name + "  " + shown(before.get()) + " -> " + shown(after.get());
  }

  /** A string in quotes, a number or a boolean bare, anything else as DynamoDB JSON. */
  private static String shown(Value value) {
    var text =
        switch (value.type()) {
          case S -> '"' + TerminalText.of(value.asString()) + '"';
          case N -> value.asNumber().toString();
          case BOOL -> Boolean.toString(value.asBoolean());
          default -> {
            var json = DynamoDbJson.format(Item.of(Map.of("v", value)));
            yield TerminalText.of(json.substring(json.indexOf(':') + 1, json.length() - 1));
          }
        };
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE - 1) + "…";
  }
}
