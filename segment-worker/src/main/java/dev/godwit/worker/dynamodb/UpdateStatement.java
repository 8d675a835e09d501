package dev.godwit.worker.dynamodb;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.worker.write.Condition;
import dev.godwit.worker.write.PlannedWrite;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One guarded write as a PartiQL statement with parameters.
 *
 * <p>An UPDATE never makes an item: its key is part of the condition. A DELETE succeeds where there
 * is nothing, so it asks for the item that it has deleted (in a batch as elsewhere:
 * paritysuite/dynamodb-conformance, batchExecuteStatement.test.ts, eu-west-2; read 2026-11-25).
 * Items of one table mostly change alike, so the text of a statement is made once for its names and
 * then found again. Thread-safe.
 */
final class UpdateStatement {
  /**
   * API reference, BatchStatementRequest, Statement: length; read 2026-11-20. It does not say of
   * what; bytes are never less than characters.
   */
  private static final int LONGEST_BYTES = 8192;

  /**
   * So many texts are remembered; a table whose items all differ in their names makes each anew.
   */
  private static final int MOST_REMEMBERED = 1000;

  private static final byte[] TAIL =
      "],\"ReturnValuesOnConditionCheckFailure\":\"ALL_OLD\"}".getBytes(StandardCharsets.US_ASCII);

  private final String table;
  private final List<String> keys;
  private final Map<Shape, Text> texts = new ConcurrentHashMap<>();

  UpdateStatement(String table, List<String> keys) {
    this.table = table;
    this.keys = keys;
  }

  /**
   * The names in a write, which make its text; what it sets and removes is empty for a delete. No
   * record: each write is looked up by it twice, and a record's own equals and hashCode cost
   * several times as much, for the first compiler does not see through their method handles.
   */
  private static final class Shape {
    private static final Item.Difference NOTHING = new Item.Difference(List.of(), List.of());

    private final boolean update;
    private final Item.Difference difference;
    private final Condition condition;
    private final int hash;

    private Shape(boolean update, Item.Difference difference, Condition condition) {
      this.update = update;
      this.difference = difference;
      this.condition = condition;
      int named = hash(hash(update ? 1 : 0, difference.set()), difference.removed());
      this.hash = hash(hash(named, condition.unchanged()), condition.absent());
    }

    static Shape of(PlannedWrite write) {
      return write instanceof PlannedWrite.Update update
          ? new Shape(true, update.difference(), update.condition())
          : new Shape(false, NOTHING, write.condition());
    }

    private static int hash(int before, List<String> names) {
      int hash = 31 * before + names.size();
      for (int i = 0; i < names.size(); i++) {
        hash = 31 * hash + names.get(i).hashCode();
      }
      return hash;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Shape shape
          && update == shape.update
          && areSame(difference.set(), shape.difference.set())
          && areSame(difference.removed(), shape.difference.removed())
          && areSame(condition.unchanged(), shape.condition.unchanged())
          && areSame(condition.absent(), shape.condition.absent());
    }

    private static boolean areSame(List<String> names, List<String> others) {
      if (names.size() != others.size()) {
        return false;
      }
      for (int i = 0; i < names.size(); i++) {
        if (!names.get(i).equals(others.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /** A statement without its parameters. */
  private static final class Text {
    private final boolean fits;

    /** A member of {@code Statements}, up to its parameters. */
    private final byte[] head;

    Text(boolean fits, byte[] head) {
      this.fits = fits;
      this.head = head;
    }
  }

  /** Remembers that DynamoDB does not understand a statement with the names of {@code write}. */
  void cannotHold(PlannedWrite write) {
    var shape = Shape.of(write);
    if (texts.containsKey(shape) || texts.size() < MOST_REMEMBERED) {
      texts.put(shape, new Text(false, text(write).head));
    }
  }

  /** Whether {@code write} fits a statement. */
  boolean fits(PlannedWrite write) {
    return (write instanceof PlannedWrite.Update || write instanceof PlannedWrite.Delete)
        && text(write).fits;
  }

  /** Appends {@code write}, which fits, as a member of {@code Statements}. */
  void write(PlannedWrite write, JsonBytes body) {
    body.writeBytes(text(write).head);
    boolean isFirst = true;
    if (write instanceof PlannedWrite.Update update) {
      isFirst = parameters(update.difference().set(), update.result(), isFirst, body);
    }
    isFirst = parameters(keys, write.scanned(), isFirst, body);
    parameters(write.condition().unchanged(), write.scanned(), isFirst, body);
    body.writeBytes(TAIL);
  }

  private static boolean parameters(
      List<String> names, Item item, boolean isFirst, JsonBytes body) {
    boolean first = isFirst;
    for (String name : names) {
      if (!first) {
        body.write(',');
      }
      first = false;
      body.value(item, name);
    }
    return first;
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
    var difference = shape.difference;
    var absent = shape.condition.absent();
    var text = new StringBuilder(256);
    text.append(shape.update ? "UPDATE \"" : "DELETE FROM \"").append(table).append('"');
    difference.set().forEach(name -> text.append(" SET \"").append(name).append("\"=?"));
    difference.removed().forEach(name -> text.append(" REMOVE \"").append(name).append('"'));
    var compared = new ArrayList<>(keys);
    compared.addAll(shape.condition.unchanged());
    var separator = " WHERE ";
    for (String name : compared) {
      text.append(separator).append('"').append(name).append("\"=?");
      separator = " AND ";
    }
    absent.forEach(name -> text.append(" AND \"").append(name).append("\" IS MISSING"));
    if (!shape.update) {
      text.append(" RETURNING ALL OLD *");
    }
    boolean fits =
        bytes(text) <= LONGEST_BYTES
            && Expression.operators(compared.size() + absent.size()) <= Expression.MOST_OPERATORS
            && canName(compared)
            && canName(difference.set())
            && canName(difference.removed())
            && canName(absent);
    return new Text(
        fits,
        new JsonBytes()
            .raw("{\"Statement\":")
            .text(text.toString())
            .raw(",\"Parameters\":[")
            .toByteArray());
  }

  /**
   * A quoted name may hold anything but a quote; what the grammar says of escapes is not worth
   * finding out live.
   */
  private static boolean canName(Collection<String> names) {
    return names.stream()
        .allMatch(name -> name.chars().noneMatch(c -> c == '"' || c == '\'' || c == '\\'));
  }

  private static int bytes(CharSequence text) {
    return text.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  /** Whether the put-if-absent {@code action} fits a statement. */
  static boolean fits(Action action) {
    var put = (Action.PutIfAbsent) action;
    return fitsInsert(put.table(), put.item());
  }

  /** Whether a put of {@code item} into {@code into}, where nothing is, fits a statement. */
  static boolean fitsInsert(String into, Item item) {
    return canName(item.names()) && bytes(insert(into, item)) <= LONGEST_BYTES;
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
