package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.infra.deployment.DeployedStack.TableSize;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.run.Guard;
import dev.godwit.run.RunSettings;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class EstimateTest {
  private OptionalInt writeUnitsPerSecond = OptionalInt.empty();

  @Test
  void of_anEmptyTable_isTheMinuteAroundIt() {
    assertThat(Estimate.of(size(0, 0, -1, -1), request(100))).hasSeconds(60);
  }

  @Test
  void of_smallItemsOnDemand_lastsAsLongAsTheirWrites() {
    // 4,000,000 items of 100 bytes: a unit each, 4,000 a second.
    assertThat(Estimate.of(size(4_000_000, 400_000_000, -1, -1), request(100))).hasSeconds(1060);
  }

  @Test
  void of_largerItems_takeAUnitForEachKilobyte() {
    // 1,000 items of 2.5 KB: three units each, 100 a second.
    assertThat(Estimate.of(size(1_000, 2_560_000, 1_000, 100), request(100))).hasSeconds(90);
  }

  @Test
  void of_fewItemsWritten_lastsAsLongAsTheReads() {
    // 8,192 MB at 10 units a second, each for 8 KB.
    assertThat(Estimate.of(size(1_000, 81_920_000, 10, 1_000_000), request(0))).hasSeconds(1060);
  }

  @Test
  void of_aBudgetBelowTheCapacity_lastsAsTheBudgetHasIt() {
    writeUnitsPerSecond = OptionalInt.of(50);

    assertThat(Estimate.of(size(1_000, 100_000, 1_000, 1_000), request(100))).hasSeconds(80);
  }

  @Test
  void of_aBudgetAboveTheCapacity_lastsAsTheCapacityHasIt() {
    writeUnitsPerSecond = OptionalInt.of(1_000_000);

    assertThat(Estimate.of(size(1_000, 100_000, 1_000, 100), request(100))).hasSeconds(70);
  }

  private static TableSize size(long items, long bytes, double reads, double writes) {
    return new TableSize(
        items,
        bytes,
        reads < 0 ? OptionalDouble.empty() : OptionalDouble.of(reads),
        writes < 0 ? OptionalDouble.empty() : OptionalDouble.of(writes));
  }

  private DeploymentRequest request(int percent) {
    var run =
        new RunSettings(
            100,
            100,
            240,
            new Guard.ReadSet(),
            0,
            0,
            OptionalInt.empty(),
            writeUnitsPerSecond,
            Map.of());
    return new DeploymentRequest(
        "Cities", List.of(), true, percent, run, "1", "00ff", Moment.AFTER);
  }
}
