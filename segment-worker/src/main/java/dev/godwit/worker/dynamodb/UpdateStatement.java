package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.worker.write.Condition;
import dev.godwit.worker.write.PlannedWrite;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One guarded write as a PartiQL statement with parameters.
 *
 * <p>An UPDATE never makes an item: its key is part of the condition. Items of one table mostly
 * change alike, so the text of a statement is made once for each set of names and then found again.
 * Thread-safe.
 */
final class UpdateStatement {
  /** API reference, BatchStatementRequest, Statement: length; read 2026-11-20. */
  private static final int LONGEST = 8192;

  /**
   * So many texts are remembered; a table whose items all differ in their names makes each anew.
   */
  private static final int MOST_REMEMBERED = 1000;

  private final String table;
  private final List<String> keys;
  private final Map<Shape, Text> texts = new ConcurrentHashMap<>();

  UpdateStatement(String table, List<String> keys) {
    this.table = table;
    this.keys = keys;
  }

  /** The names in a write, which make its text; what it sets and removes is empty for a delete. */
  private record Shape(
      boolean update,
      Set<String> set,
      Set<String> removed,
      Set<String> unchanged,
      Set<String> absent) {
    static Shape of(PlannedWrite write) {
      Condition condition = write.condition();
      return write instanceof PlannedWrite.Update update
          ? new Shape(
              true,
              update.difference().set(),
              update.difference().removed(),
              condition.unchanged(),
              condition.absent())
          : new Shape(false, Set.of(), Set.of(), condition.unchanged(), condition.absent());
    }
  }

  /**
   * A statement without its parameters.
   *
   * @param newValues the names whose new values come first among the parameters, in this order
   * @param scannedValues the names whose scanned values follow, in this order
   */
  private record Text(
      boolean fits, String statement, List<String> newValues, List<String> scannedValues) {}

  /** Whether {@code write} fits a statement. */
  boolean fits(PlannedWrite write) {
    return !(write instanceof PlannedWrite.Move) && text(write).fits;
  }

  /** Appends {@code write}, which fits, as a member of {@code Statements}. */
  void write(PlannedWrite write, JsonBytes body) {
    var text = text(write);
    body.raw("{\"Statement\":").text(text.statement).raw(",\"Parameters\":[");
    var separator = "";
    if (write instanceof PlannedWrite.Update update) {
      for (String name : text.newValues) {
        body.raw(separator).value(update.result(), name);
        separator = ",";
      }
    }
    for (String name : text.scannedValues) {
      body.raw(separator).value(write.scanned(), name);
      separator = ",";
    }
    body.raw("],\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}");
  }

  private Text text(PlannedWrite write) {
    var shape = Shape.of(write);
    var known = texts.get(shape);
    if (known == null) {
      known = text(shape);
      if (texts.size() < MOST_REMEMBERED) {
        texts.put(shape, known);
      }
    }
    return known;
  }

  private Text text(Shape shape) {
    var text = new StringBuilder(256);
    text.append(shape.update ? "UPDATE \"" : "DELETE FROM \"").append(table).append('"');
    shape.set.forEach(name -> text.append(" SET \"").append(name).append("\"=?"));
    shape.removed.forEach(name -> text.append(" REMOVE \"").append(name).append('"'));
    var compared = new ArrayList<>(keys);
    compared.addAll(shape.unchanged);
    var separator = " WHERE ";
    for (String name : compared) {
      text.append(separator).append('"').append(name).append("\"=?");
      separator = " AND ";
    }
    shape.absent.forEach(name -> text.append(" AND \"").append(name).append("\" IS MISSING"));
    boolean fits =
        text.length() <= LONGEST
            && canName(compared)
            && canName(shape.set)
            && canName(shape.removed)
            && canName(shape.absent);
    // in the order of the text, whatever the order of the names in the next write of this shape
    return new Text(fits, text.toString(), List.copyOf(shape.set), List.copyOf(compared));
  }

  /**
   * A quoted name may hold anything but a quote; what the grammar says of escapes is not worth
   * finding out live.
   */
  private static boolean canName(Collection<String> names) {
    return names.stream()
        .allMatch(name -> name.chars().noneMatch(c -> c == '"' || c == '\'' || c == '\\'));
  }

  /** Whether the put-if-absent {@code action} fits a statement. */
  static boolean fits(Action action) {
    var put = (Action.PutIfAbsent) action;
    return canName(put.item().names()) && insert(put.table(), put.item()).length() <= LONGEST;
  }

  /**
   * The statement that puts {@code item} into {@code into} where nothing has its key, with its
   * parameters.
   */
  static void writeInsert(String into, Item item, JsonBytes body) {
    body.raw("{\"Statement\":").text(insert(into, item)).raw(",\"Parameters\":[");
    var separator = "";
    for (String name : item.names()) {
      body.raw(separator).value(item, name);
      separator = ",";
    }
    body.raw("]}");
  }

  private static String insert(String into, Item item) {
    var text = new StringBuilder("INSERT INTO \"").append(into).append("\" VALUE {");
    var separator = "";
    for (String name : item.names()) {
      text.append(separator).append('\'').append(name).append("':?");
      separator = ",";
    }
    return text.append('}').toString();
  }
}
