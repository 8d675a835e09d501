package dev.godwit.worker.write;

import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The keys under which there are items, or would be, of the last so many that were told of. Used
 * from one thread.
 */
final class TakenKeys {
  private static final int MOST = 10_000;

  private final Map<Item, Boolean> taken =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Item, Boolean> eldest) {
          return size() > MOST;
        }
      };

  /** Takes {@code key}; answers whether it was free. */
  boolean take(Item key) {
    if (taken.containsKey(key)) {
      return false;
    }
    // copied: a slice would keep the whole page in memory with it
    taken.put(DynamoDbJson.parse(DynamoDbJson.format(key)), true);
    return true;
  }

  void free(Item key) {
    taken.remove(key);
  }
}
