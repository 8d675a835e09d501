package dev.godwit.worker.record;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one write was about to change: kept before it is made, so that it can be taken back.
 *
 * @param key of the item that was written
 * @param was of an update, the attributes that it touches, as they were; of a delete or a move the
 *     whole item; absent where nothing was
 * @param left of an update, the attributes that it touches, as it leaves them; of a put or a move
 *     the whole item; absent where it leaves nothing
 * @param movedTo of a move, the key that the item has then
 */
public record BeforeImage(
    Item key, Optional<Item> was, Optional<Item> left, Optional<Item> movedTo) {
  /** Of an update: one of {@code was} and {@code left} lacks what the other sets or removes. */
  public static BeforeImage ofUpdate(Item key, Item was, Item left) {
    return new BeforeImage(key, Optional.of(was), Optional.of(left), Optional.empty());
  }

  public static BeforeImage ofDelete(Item key, Item was) {
    return new BeforeImage(key, Optional.of(was), Optional.empty(), Optional.empty());
  }

  public static BeforeImage ofPut(Item key, Item left) {
    return new BeforeImage(key, Optional.empty(), Optional.of(left), Optional.empty());
  }

  public static BeforeImage ofMove(Item key, Item was, Item movedTo, Item left) {
    return new BeforeImage(key, Optional.of(was), Optional.of(left), Optional.of(movedTo));
  }

  /** The key at which the write has left its mark: where an item is now, if one is left. */
  public Item place() {
    return movedTo.orElse(key);
  }

  /**
   * Whether the place still holds what the write left. Of {@code now} it reads what it compares.
   */
  public boolean isLeftIn(Optional<Item> now) {
    if (now.isEmpty() || left.isEmpty()) {
      return now.isEmpty() && left.isEmpty();
    }
    return isUpdate() ? holds(now.get(), left.get()) : isWhole(now.get(), left.get());
  }

  /** What is at the place when the write, of which {@code now} is left, is taken back. */
  public Optional<Item> takenBack(Optional<Item> now) {
    if (!isUpdate() || now.isEmpty() || was.isEmpty()) {
      return was;
    }
    var item = now.get();
    for (String name : touched()) {
      item = item.without(name);
    }
    for (var attribute : was.get().attributes().entrySet()) {
      item = item.with(attribute.getKey(), attribute.getValue());
    }
    return Optional.of(item);
  }

  /**
   * Whether nothing is left to take back.
   *
   * @param now what is at the place
   * @param before what is at {@code key}, where that is another place
   * @param version an attribute that each write raises, so that it does not tell; absent for none
   */
  public boolean isBack(Optional<Item> now, Optional<Item> before, Optional<String> version) {
    var there = movedTo.isPresent() ? before : now;
    if (there.isEmpty() || was.isEmpty()) {
      return there.isEmpty() && was.isEmpty();
    }
    return isUpdate()
        ? holds(there.get(), was.get())
        : isWhole(without(there.get(), version), without(was.get(), version));
  }

  private static Item without(Item item, Optional<String> version) {
    return version.map(item::without).orElse(item);
  }

  /** Whether {@code later} says as much of the item as this does. */
  public boolean isCoveredBy(BeforeImage later) {
    return !later.isUpdate() || (isUpdate() && later.touched().containsAll(touched()));
  }

  private boolean isUpdate() {
    return was.isPresent() && left.isPresent() && movedTo.isEmpty();
  }

  private Set<String> touched() {
    var names = new LinkedHashSet<String>();
    was.ifPresent(item -> names.addAll(item.names()));
    left.ifPresent(item -> names.addAll(item.names()));
    return names;
  }

  /** Whether each attribute that was touched is as in {@code then}, there or not. */
  private boolean holds(Item now, Item then) {
    boolean holds = true;
    for (String name : touched()) {
      holds &= now.find(name).equals(then.find(name)); // all are read: all guard what is written
    }
    return holds;
  }

  private static boolean isWhole(Item now, Item then) {
    return now.attributes().equals(then.attributes());
  }

  void write(ByteArrayOutputStream out) {
    member("{\"key\":", key, out);
    was.ifPresent(item -> member(",\"was\":", item, out));
    left.ifPresent(item -> member(",\"left\":", item, out));
    movedTo.ifPresent(item -> member(",\"movedTo\":", item, out));
    out.writeBytes(END);
  }

  private static final byte[] END = "}\n".getBytes(StandardCharsets.US_ASCII);

  private static void member(String name, Item item, ByteArrayOutputStream out) {
    out.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
    DynamoDbJson.write(item, out);
  }

  static BeforeImage read(JsonNode line) {
    return new BeforeImage(
        item(line.get("key")).orElseThrow(),
        item(line.get("was")),
        item(line.get("left")),
        item(line.get("movedTo")));
  }

  private static Optional<Item> item(@Nullable JsonNode node) {
    return node == null ? Optional.empty() : Optional.of(DynamoDbJson.parse(node.toString()));
  }
}
