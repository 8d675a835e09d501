package dev.godwit.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.DynamoDbJson;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class GeneratedItemsTest {
  private static final int COUNT = 10_000;

  @Test
  void items_areOfEveryType_haveUniqueKeysAndUnevenPartitions() {
    var types = EnumSet.noneOf(AttributeType.class);
    var keys = new HashSet<String>();
    var partitions = new HashMap<String, Integer>();
    var beyondBmp = new HashSet<String>();
    try (var items = new GeneratedItems(COUNT).items().map(ItemSource.Numbered::item)) {
      items.forEach(
          item -> {
            item.attributes().values().forEach(value -> types.add(value.type()));
            keys.add(item.string("observer") + item.string("id"));
            partitions.merge(item.string("observer"), 1, Integer::sum);
            if (DynamoDbJson.format(item).codePoints().anyMatch(c -> c > 0xffff)) {
              beyondBmp.add(item.string("id"));
            }
          });
    }
    assertThat(types).containsExactlyInAnyOrder(AttributeType.values());
    assertThat(keys).hasSize(COUNT);
    assertThat(beyondBmp).isNotEmpty();
    assertThat(Collections.max(partitions.values()))
        .as("the largest partition")
        .isGreaterThan(50 * COUNT / partitions.size() / 2);
  }

  @Test
  void items_areAlwaysTheSame() {
    try (var one = new GeneratedItems(100).items().map(ItemSource.Numbered::item);
        var other = new GeneratedItems(200).items().map(ItemSource.Numbered::item)) {
      assertThat(one.map(DynamoDbJson::format).toList())
          .isEqualTo(other.limit(100).map(DynamoDbJson::format).toList());
    }
  }
}
