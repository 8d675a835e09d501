package dev.godwit.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.AttributeType;
import dev.godwit.migration.DynamoDbJson;
import dev.godwit.migration.Item;
import dev.godwit.migration.Value;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;

/** The codec of migration-api, over the items that {@link RandomItems} makes. */
class CodecRandomisedTest {
  private static final int SEEDS = 2_000;

  @Test
  void item_writtenAndRead_isEqualAndItsTextIsTheSame() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var item = new RandomItems(seed).item();
      var json = DynamoDbJson.format(item);
      var read = DynamoDbJson.parse(json);
      assertThat(read).as("seed %d", seed).isEqualTo(item);
      assertThat(DynamoDbJson.format(read)).as("seed %d, stored bytes", seed).isEqualTo(json);
      assertThat(DynamoDbJson.format(Item.of(read.attributes())))
          .as("seed %d, decoded and written anew", seed)
          .isEqualTo(json);
    }
  }

  @Test
  void item_changedInOneAttribute_leavesTheOthersByteForByte() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var random = new RandomItems(seed);
      var before = StoredItem.of(random.item().with("last", "x")).fresh();
      var json = DynamoDbJson.format(before);
      var after = DynamoDbJson.format(before.with("last", "y"));
      assertThat(after)
          .as("seed %d", seed)
          .isEqualTo(json.substring(0, json.length() - "x\"}}".length()) + "y\"}}");
    }
  }

  @Test
  void difference_ofRandomItems_appliedToTheOneMakesTheOther() {
    for (long seed = 0; seed < SEEDS; seed++) {
      var random = new RandomItems(seed);
      var before = random.item();
      var after = random.item();
      var difference = after.differenceFrom(before);
      var made = before;
      for (String name : difference.set()) {
        made = made.with(name, after.value(name));
      }
      for (String name : difference.removed()) {
        made = made.without(name);
      }
      assertThat(made).as("seed %d", seed).isEqualTo(after);
      assertThat(made.differenceFrom(after).isEmpty()).as("seed %d", seed).isTrue();
    }
  }

  @Test
  void values_ofOneSeed_areOfEveryTypeAndAlwaysTheSame() {
    var random = new RandomItems(1);
    var again = new RandomItems(1);
    var types = EnumSet.noneOf(AttributeType.class);
    for (int i = 0; i < 500; i++) {
      Value value = random.value();
      types.add(value.type());
      assertThat(again.value()).isEqualTo(value);
    }
    assertThat(types).containsExactlyInAnyOrder(AttributeType.values());
  }
}
