package dev.godwit.worker.write;

import dev.godwit.migration.Action;
import dev.godwit.migration.AttributeType;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What DynamoDB takes as an item of one table, so that it can be told without asking. What it would
 * refuse has one name, whether a run meets it or a dry run foresees it. Immutable.
 *
 * <p>A value that cannot be read is passed over: it came from DynamoDB.
 */
public final class ItemLimits {
  /** Developer guide, "Quotas in Amazon DynamoDB", item size; read 2026-11-20. */
  public static final long MOST_BYTES = 400 * 1024;

  /** The name of its being exceeded. */
  static final String TOO_LARGE = "ItemTooLarge";

  /** The same, partition key length. */
  public static final int MOST_PARTITION_KEY_BYTES = 2048;

  /** The same, sort key length. */
  public static final int MOST_SORT_KEY_BYTES = 1024;

  /**
   * The same, nested attribute depth; the attribute is the first level. So 31 maps within each
   * other and a string in the innermost are taken, and 32 are not
   * (paritysuite/dynamodb-conformance, tests/tier3/limits/nestingDepth.test.ts, eu-west-2, 2026-06;
   * read 2026-11-25).
   */
  private static final int MOST_LEVELS = 32;

  /**
   * What UpdateItem counts beside the names and values that it writes, in 22 of 33 regions: once,
   * for each SET and for each REMOVE. Captures of 2026-08-18 to 2026-10-09 in
   * paritysuite/dynamodb-conformance, tests/tier3/limits/itemSizeBySurface.test.ts; read
   * 2026-11-25.
   */
  private static final long UPDATE_BYTES = 3;

  private static final long SET_BYTES = 19;
  private static final long REMOVE_BYTES = 1;

  private final Map<String, KeyAttribute> keys;

  /**
   * The limits of one table.
   *
   * @param keys by name, the attributes that are keys of the table or of an index of it
   */
  public ItemLimits(Map<String, KeyAttribute> keys) {
    this.keys = Map.copyOf(keys);
  }

  /**
   * An attribute that is a key, of a table or of an index.
   *
   * @param type of its values
   * @param mostBytes of its values
   * @param ofTable whether it is a key of the table itself, so that each item has it
   */
  public record KeyAttribute(AttributeType type, int mostBytes, boolean ofTable) {}

  /** Why DynamoDB would refuse to store {@code item} whole; absent if it would not. */
  public Optional<Outcome.Refused> ofPut(Item item) {
    return ofKeysThere(item)
        .or(() -> ofValues(item, item.differenceFrom(Item.empty()).set()))
        .or(() -> ofSize(item));
  }

  /**
   * Why DynamoDB would refuse {@code item} for the keys of the table itself; absent if it would
   * not.
   */
  public Optional<Outcome.Refused> ofTableKeys(Item item) {
    return ofKeysThere(item)
        .or(
            () -> {
              var fresh = item.only(keys.keySet());
              return keys.entrySet().stream()
                  .filter(key -> key.getValue().ofTable)
                  .sorted(Map.Entry.comparingByKey())
                  .flatMap(key -> ofValue(key.getKey(), fresh).stream())
                  .findFirst();
            });
  }

  /** Why DynamoDB would refuse {@code update} as a statement; absent if it would not. */
  public Optional<Outcome.Refused> ofStatement(PlannedWrite.Update update) {
    return ofValues(update.result(), update.difference().set()).or(() -> ofSize(update.result()));
  }

  /** Why DynamoDB would refuse {@code update} as an UpdateItem; absent if it would not. */
  public Optional<Outcome.Refused> ofUpdateItem(PlannedWrite.Update update) {
    return ofStatement(update).or(() -> ofSizeWritten(update));
  }

  /**
   * Why DynamoDB would refuse {@code action}, which is on this table; absent if it would not, as
   * far as the action itself tells.
   */
  public Optional<Outcome.Refused> ofAction(Action action) {
    if (action instanceof Action.Put put) {
      return ofPut(put.item());
    }
    if (action instanceof Action.PutIfAbsent put) {
      return ofPut(put.item());
    }
    if (action instanceof Action.Update update) {
      var set = update.attributes();
      return ofPut(update.key())
          .or(() -> ofValues(set, set.differenceFrom(Item.empty()).set()))
          .or(() -> ofSize(set));
    }
    return ofPut(((Action.Delete) action).key());
  }

  private Optional<Outcome.Refused> ofKeysThere(Item item) {
    return keys.entrySet().stream()
        .filter(key -> key.getValue().ofTable && !item.stores(key.getKey()))
        .map(Map.Entry::getKey)
        .sorted()
        .findFirst()
        .map(
            name ->
                refused("KeyMissing", "The item has no \"%s\", which is a key of its table", name));
  }

  private Optional<Outcome.Refused> ofValues(Item item, Collection<String> names) {
    var fresh = item.only(names); // looking at it here is no reading
    return names.stream()
        .flatMap(name -> ofName(name).or(() -> ofValue(name, fresh)).stream())
        .findFirst();
  }

  private Optional<Outcome.Refused> ofValue(String name, Item item) {
    Value value;
    try {
      value = item.value(name);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    var key = keys.get(name);
    return key == null ? ofNested(name, value, 1) : ofKey(name, value, key);
  }

  private static Optional<Outcome.Refused> ofKey(String name, Value value, KeyAttribute key) {
    if (value.type() != key.type) {
      return Optional.of(
          refused(
              "KeyOfWrongType",
              "\"%s\" is a key, and of type %s; it cannot be of type %s",
              name,
              key.type,
              value.type()));
    }
    int bytes =
        switch (value.type()) {
          case S -> bytes(value.asString());
          case B -> value.asBinary().length;
          default -> 1;
        };
    if (bytes == 0) {
      return Optional.of(
          refused("KeyEmpty", "\"%s\" is a key, which cannot be empty; give it a value", name));
    }
    return bytes <= key.mostBytes
        ? Optional.empty()
        : Optional.of(
            refused(
                "KeyTooLong",
                "\"%s\" is a key of at most %,d bytes, and would have %,d",
                name,
                key.mostBytes,
                bytes));
  }

  private static Optional<Outcome.Refused> ofNested(String attribute, Value value, int level) {
    if (level > MOST_LEVELS) {
      return Optional.of(
          refused(
              "NestedTooDeeply",
              "\"%s\" would have more than the %d levels that DynamoDB takes; store what is so deep"
                  + " as text, or flatter",
              attribute,
              MOST_LEVELS));
    }
    return switch (value.type()) {
      case L ->
          value.asList().stream()
              .flatMap(element -> ofNested(attribute, element, level + 1).stream())
              .findFirst();
      case M ->
          value.asMap().entrySet().stream()
              .flatMap(
                  entry ->
                      ofNameIn(attribute, entry.getKey())
                          .or(() -> ofNested(attribute, entry.getValue(), level + 1))
                          .stream())
              .findFirst();
      default -> Optional.empty();
    };
  }

  private static Optional<Outcome.Refused> ofNameIn(String attribute, String name) {
    return name.isEmpty()
        ? Optional.of(
            refused(
                "EmptyName",
                "A map in \"%s\" would have an empty name, which DynamoDB does not take; leave that"
                    + " entry out or name it",
                attribute))
        : ofName(name);
  }

  private static Optional<Outcome.Refused> ofName(String name) {
    return bytes(name) <= DynamoDbJson.LONGEST_NAME_BYTES
        ? Optional.empty()
        : Optional.of(
            refused(
                "NameTooLong",
                "A name would have %,d bytes, and DynamoDB takes %,d",
                bytes(name),
                DynamoDbJson.LONGEST_NAME_BYTES));
  }

  private static Optional<Outcome.Refused> ofSize(Item item) {
    return isSmall(item) ? Optional.empty() : ofSize(item.sizeBytes(), "");
  }

  /** Its length as JSON, which is larger in any case and quickly found, tells it of most items. */
  private static boolean isSmall(Item item) {
    return DynamoDbJson.length(item) <= MOST_BYTES;
  }

  private static Optional<Outcome.Refused> ofSizeWritten(PlannedWrite.Update update) {
    var difference = update.difference();
    long bytes =
        UPDATE_BYTES
            + SET_BYTES * difference.set().size()
            + update.result().only(difference.set()).sizeBytes();
    for (String name : difference.removed()) {
      bytes += REMOVE_BYTES + bytes(name);
    }
    return ofSize(bytes, " as UpdateItem counts them in most regions");
  }

  private static Optional<Outcome.Refused> ofSize(long bytes, String counted) {
    return bytes <= MOST_BYTES
        ? Optional.empty()
        : Optional.of(
            refused(
                TOO_LARGE,
                "It would be %,d bytes%s, and DynamoDB takes %,d; let the transform store less in"
                    + " this item, or a part of it in another",
                bytes,
                counted,
                MOST_BYTES));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static Outcome.Refused refused(String error, String message, Object... details) {
    return new Outcome.Refused(error, String.format(Locale.ROOT, message, details));
  }
}
