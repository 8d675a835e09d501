package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.Surroundings.TableSize;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class EstimateTest {
  private final ObjectNode run = JsonNodeFactory.instance.objectNode();

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
    run.put("writeUnitsPerSecond", 50);

    assertThat(Estimate.of(size(1_000, 100_000, 1_000, 1_000), request(100))).hasSeconds(80);
  }

  @Test
  void of_aBudgetAboveTheCapacity_lastsAsTheCapacityHasIt() {
    run.put("writeUnitsPerSecond", 1_000_000);

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
    return new DeploymentRequest("Cities", List.of(), true, percent, run, "1", Moment.AFTER);
  }
}
