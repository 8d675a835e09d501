package dev.godwit.worker.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WriteUnitsTest {
  private static final long SEED = 20261126;
  private static final Condition NOTHING = PlannedWrite.NOTHING;

  @Test
  void exactly_itemsAboutAKilobyte_countsTheirSizesAndNotTheirLengthsAsJson() {
    for (long seed = SEED; seed < SEED + 2000; seed++) {
      var random = new Random(seed);
      var before = item(random);
      var after = item(random);
      double units = units(before);
      double larger = Math.max(units, units(after));

      assertThat(WriteUnits.exactly(update(before, after))).as("seed %d", seed).isEqualTo(larger);
      assertThat(WriteUnits.exactly(new PlannedWrite.Delete(before, NOTHING)))
          .as("seed %d", seed)
          .isEqualTo(units);
      assertThat(WriteUnits.exactly(new PlannedWrite.Move(before, after, NOTHING)))
          .as("seed %d", seed)
          .isEqualTo(2 * (units + units(after)));
      assertThat(WriteUnits.exactly(Action.put("Other", after)))
          .as("seed %d", seed)
          .isEqualTo(units(after));
      assertThat(WriteUnits.atMost(update(before, after)))
          .as("seed %d", seed)
          .isGreaterThanOrEqualTo(larger);
    }
  }

  private static PlannedWrite update(Item before, Item after) {
    return new PlannedWrite.Update(before, after, after.differenceFrom(before), NOTHING);
  }

  /** From a few bytes to about 3 KB; numbers and names in other scripts are not as long as JSON. */
  private static Item item(Random random) {
    return Item.empty()
        .with("id", "7")
        .with("größe", new BigDecimal(random.nextInt(1_000_000)))
        .with("text", "ä".repeat(random.nextInt(1_500)))
        .with("more", "\"".repeat(random.nextInt(30)));
  }

  private static double units(Item item) {
    return Math.max(1, Math.ceil(item.sizeBytes() / 1024.0));
  }
}
