package dev.godwit.asl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** One item of a Map, and what the States Language makes of it. */
record MapItem(int index, Optional<String> key, JsonNode value) {

  /** {@code $states.context.Map}, for this item. */
  ObjectNode mapContext(String source) {
    ObjectNode map = JsonNodeFactory.instance.objectNode();
    ObjectNode item = map.putObject("Item").put("Index", index);
    key.ifPresent(name -> item.put("Key", name));
    item.set("Value", value);
    item.put("Source", source);
    return map;
  }

  /** The input of this item's iteration or child: the selector's value, or the item itself. */
  JsonNode input(Visit visit, Optional<Template> selector, String source) {
    if (selector.isEmpty()) {
      return value;
    }
    ObjectNode context = visit.context();
    context.set("Map", mapContext(source));
    JsonNode input = selector.get().evaluate(visit.bindings().withContext(context));
    visit.checkSize(input, "an item selector's value");
    return input;
  }

  /** {@code $states.context.Map.Item.Source} of items that come from the state itself. */
  static final String FROM_STATE = "STATE_DATA";
}
