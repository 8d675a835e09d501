package dev.godwit.worker.slice;

import dev.godwit.migration.Action;
import dev.godwit.migration.Change;
import dev.godwit.migration.Item;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.TransformContext;
import dev.godwit.migration.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * A transform that does something else to each item: what, its attribute {@code do} says. Each deed
 * answers keep to its own output, except for counting up, which needs a stamp.
 */
final class RandomTransform implements ItemTransform {
  /** What can be done to an item. */
  enum Deed {
    KEEP,
    SET,
    REMOVE,
    RENAME,
    REBUILD,
    READ_ALL,
    NEST,
    DELETE,
    MOVE,
    MOVE_ONTO_ANOTHER,
    ACT,
    ACT_AND_KEEP,
    DEFER,
    DEFER_AND_MOVE,
    DEFER_AND_DELETE,
    THROW,
    ANSWER_NULL,
    COUNT_UP
  }

  static final String DEED = "do";
  static final String NUMBER = "number";
  static final String OTHERS = "Others";
  static final String LATER = "Later";

  private final String movingKey;
  private final Value inTheWay;
  private final List<String> offered = new ArrayList<>();

  /**
   * @param movingKey the key attribute that moves change
   * @param inTheWay a value of it that another item with otherwise the same key has
   */
  RandomTransform(String movingKey, Value inTheWay) {
    this.movingKey = movingKey;
    this.inTheWay = inTheWay;
  }

  /** The numbers of the items that this was asked about, each as often as it was. */
  List<String> offered() {
    return offered;
  }

  @Override
  @SuppressWarnings("NullAway") // a transform may break its contract: that is one of the deeds
  public Change apply(Item item, TransformContext context) {
    var number = item.number(NUMBER).toPlainString();
    offered.add(number);
    return switch (Deed.valueOf(item.string(DEED))) {
      case KEEP -> Change.keep();
      case SET -> Change.replace(item.with("set", "to " + number).with("a0", Value.nothing()));
      case REMOVE -> Change.replace(item.without("a1").without("a2"));
      case RENAME -> Change.replace(item.rename("a3", "a4"));
      case REBUILD -> Change.replace(item.only(List.of("p", "s", DEED, NUMBER)).with("built", 1));
      case READ_ALL ->
          item.has("all")
              ? Change.keep()
              : Change.replace(
                  item.with(
                      "all",
                      Value.list(
                          new TreeSet<>(item.names()).stream().map(Value::string).toList())));
      case NEST ->
          Change.replace(item.with("a5", Value.map(java.util.Map.of("n", Value.number(1)))));
      case DELETE -> Change.delete();
      case MOVE -> moved(item) ? Change.keep() : Change.replace(elsewhere(item));
      case MOVE_ONTO_ANOTHER -> Change.replace(item.with(movingKey, inTheWay));
      case ACT -> item.has("acted") ? Change.keep() : acted(item, number);
      case ACT_AND_KEEP -> Change.keep().and(Action.put(OTHERS, other(number).with("kept", true)));
      case DEFER ->
          item.has("deferred")
              ? Change.keep()
              : Change.replace(item.with("deferred", true)).andLater(later(number));
      case DEFER_AND_MOVE ->
          moved(item) ? Change.keep() : Change.replace(elsewhere(item)).andLater(later(number));
      case DEFER_AND_DELETE -> Change.delete().andLater(later(number));
      case THROW -> throw new IllegalStateException("Told to throw for item " + number);
      case ANSWER_NULL -> null;
      case COUNT_UP -> Change.replace(item.with("count", plusOne(item)));
    };
  }

  /** Four kinds of actions on one target, whose order shows in what is left. */
  private static Change acted(Item item, String number) {
    return Change.replace(item.with("acted", true))
        .and(Action.put(OTHERS, other(number).with("was", "put").with("gone", true)))
        .and(
            Action.update(OTHERS, other(number), Item.empty().with("was", "updated"))
                .removing("gone"))
        .and(Action.putIfAbsent(OTHERS, other(number).with("was", "put where nothing is")))
        .and(Action.put(OTHERS, other(number + " too")))
        .and(Action.delete(OTHERS, other(number + " too")));
  }

  static Action later(String number) {
    return Action.putIfAbsent(LATER, other(number).with("from", number));
  }

  static Item other(String number) {
    return Item.empty().with("id", number);
  }

  private static long plusOne(Item item) {
    return 1 + item.find("count").map(Value::asNumber).map(Number::longValue).orElse(0L);
  }

  private boolean moved(Item item) {
    return !item.value(movingKey).equals(item.value("first"));
  }

  private Item elsewhere(Item item) {
    return item.with(movingKey, RandomKeys.elsewhere(item.value(movingKey)));
  }
}
