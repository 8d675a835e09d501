package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.worker.write.Condition;
import dev.godwit.worker.write.PlannedWrite;
import java.util.Collection;
import java.util.List;

/**
 * One guarded write as a PartiQL statement with parameters.
 *
 * <p>An UPDATE never makes an item: its key is part of the condition. The names of attributes are
 * quoted; see {@link #canName}.
 */
final class UpdateStatement {
  /** API reference, BatchStatementRequest, Statement: length; read 2026-11-20. */
  private static final int LONGEST = 8192;

  private final String table;
  private final List<String> keys;

  UpdateStatement(String table, List<String> keys) {
    this.table = table;
    this.keys = keys;
  }

  /** Whether {@code write} fits a statement. */
  boolean fits(PlannedWrite write) {
    if (write instanceof PlannedWrite.Move) {
      return false;
    }
    var condition = write.condition();
    boolean named = canName(keys) && canName(condition.unchanged()) && canName(condition.absent());
    if (write instanceof PlannedWrite.Update update) {
      named = named && canName(update.difference().set()) && canName(update.difference().removed());
    }
    return named && text(write).length() <= LONGEST;
  }

  /**
   * A quoted name may hold anything but a quote; what the grammar says of escapes is not worth
   * finding out live.
   */
  private static boolean canName(Collection<String> names) {
    return names.stream()
        .allMatch(name -> name.chars().noneMatch(c -> c == '"' || c == '\'' || c == '\\'));
  }

  /** Appends {@code write} as a member of {@code Statements}. */
  void write(PlannedWrite write, JsonBytes body) {
    body.raw("{\"Statement\":").text(text(write)).raw(",\"Parameters\":[");
    var separator = "";
    if (write instanceof PlannedWrite.Update update) {
      for (String name : update.difference().set()) {
        body.raw(separator).value(update.result(), name);
        separator = ",";
      }
    }
    for (Collection<String> names : List.of(keys, write.condition().unchanged())) {
      for (String name : names) {
        body.raw(separator).value(write.scanned(), name);
        separator = ",";
      }
    }
    body.raw("],\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}");
  }

  private String text(PlannedWrite write) {
    var text = new StringBuilder(256);
    if (write instanceof PlannedWrite.Update update) {
      text.append("UPDATE \"").append(table).append('"');
      update.difference().set().forEach(name -> text.append(" SET \"").append(name).append("\"=?"));
      update
          .difference()
          .removed()
          .forEach(name -> text.append(" REMOVE \"").append(name).append('"'));
    } else {
      text.append("DELETE FROM \"").append(table).append('"');
    }
    var separator = " WHERE ";
    Condition condition = write.condition();
    for (Collection<String> names : List.of(keys, condition.unchanged())) {
      for (String name : names) {
        text.append(separator).append('"').append(name).append("\"=?");
        separator = " AND ";
      }
    }
    condition.absent().forEach(name -> text.append(" AND \"").append(name).append("\" IS MISSING"));
    return text.toString();
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
