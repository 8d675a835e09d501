package dev.godwit.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.plan.Advisor.Advised;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AdvisorTest {
  private static Advised advised(Planned planned, String... given) {
    return new Advisor(planned.table(), planned.sample(), planned.carrier, Set.of(given))
        .of(planned.request());
  }

  private static Suggestion suggestion(Advised advised, String option) {
    return advised.suggestions().stream()
        .filter(suggestion -> suggestion.option().equals(option))
        .findFirst()
        .orElseThrow(() -> new AssertionError(option + " is not in " + advised.suggestions()));
  }

  private static Planned large() {
    var planned = new Planned();
    planned.items = 50_000_000;
    planned.bytes = 1_024 * planned.items;
    planned.writeUnits = planned.items;
    planned.throughput = Planned.warm(12_000, 4_000);
    planned.carrier = Carrier.onAws();
    return planned;
  }

  @Test
  void of_aSmallTable_advisesFewSegments() {
    var planned = new Planned();
    planned.items = 900;
    planned.bytes = 90_000;

    assertThat(advised(planned).request().totalSegments()).isEqualTo(1);
    assertThat(advised(planned).suggestions())
        .noneMatch(suggestion -> suggestion.option().equals("--canary"));
  }

  @Test
  void of_aLargeTableOnAws_advisesSegmentsBySize_andWorkersByCapacity() {
    var advised = advised(large());

    assertThat(advised.request().totalSegments()).isEqualTo(800);
    assertThat(advised.request().maxConcurrency()).as("for 6,944 units a second").isEqualTo(28);
    assertThat(suggestion(advised, "--segments").why()).contains("51.2 GB", "64.0 MB each");
    assertThat(suggestion(advised, "--canary").value()).isEqualTo("1%");
    assertThat(suggestion(advised, "--max-concurrency").why())
        .isEqualTo(
            "the budget of 6,944 write units a second keeps 7 busy, and more would only wait");
  }

  @Test
  void of_anyBudget_isAsManyAtOnceAsARunOfItBeginsWithWhereNobodySays() {
    for (var carrier : List.of(Carrier.onAws(), new Carrier(false, 16, 0, false, true))) {
      for (int budget : new int[] {1, 300, 4_000, 40_000, 1_000_000}) {
        var planned = large();
        planned.carrier = carrier;
        planned.segments = 10_000;
        planned.writeBudget = OptionalInt.of(budget);
        int most = carrier.isOnAws() ? SegmentsAtOnce.MOST_ON_AWS : 4 * carrier.processors();
        planned.atOnce = most;

        var advised = advised(planned, "--segments", "--write-units-per-second");

        assertThat(advised.request().maxConcurrency())
            .as("%s units, %s", budget, carrier)
            .isEqualTo(
                SegmentsAtOnce.of(OptionalInt.empty(), OptionalInt.of(budget), most).number());
      }
    }
  }

  @Test
  void of_theBudgetThatItAdvises_isAsManyAtOnceAsARunOfItBeginsWith() {
    var advised = advised(large()).request();

    assertThat(advised.maxConcurrency())
        .isEqualTo(
            SegmentsAtOnce.of(
                    OptionalInt.empty(), advised.writeUnitsPerSecond(), SegmentsAtOnce.MOST_ON_AWS)
                .number());
  }

  @Test
  void of_aReadBudgetThatKeepsMoreBusyThanTheTable_saysThatItIsThat() {
    var planned = large();
    planned.throughput = Planned.provisioned(0, 0);
    planned.readBudget = OptionalInt.of(20_000);

    var advised = advised(planned, "--prewarm", "--read-units-per-second");

    assertThat(advised.request().maxConcurrency()).isEqualTo(80);
    assertThat(suggestion(advised, "--max-concurrency").why())
        .isEqualTo(
            "the budget of 20,000 read units a second keeps 20 busy, and more would only wait");
  }

  @Test
  void of_aTableOfWhichDynamoDbDoesNotTell_reckonsWithWhatANewOneTakes() {
    var planned = large();
    planned.throughput = Planned.provisioned(0, 0);

    var advised = advised(planned, "--prewarm");

    assertThat(advised.request().writeUnitsPerSecond()).isEmpty();
    assertThat(advised.request().maxConcurrency()).isEqualTo(16);
    assertThat(suggestion(advised, "--max-concurrency").why())
        .contains("4,000 write units", "reckoned with 1,000");
  }

  @Test
  void of_aRunThatCapacityHoldsForHours_advisesToRaiseIt() {
    var advised = advised(large());

    var prewarm = advised.request().prewarm().orElseThrow();
    assertThat(prewarm.writeUnits()).isEqualTo(13_889);
    assertThat(suggestion(advised, "--prewarm").why()).contains("from 3.5 h to 60 min");
    assertThat(suggestion(advised, "--prewarm-wcu").value()).isEqualTo("13889");
  }

  @Test
  void of_aTableWithAMaximum_doesNotAdviseToRaiseWhatWouldNotHelp() {
    var planned = large();
    planned.throughput =
        new dev.godwit.cli.facts.Throughput(
            0,
            0,
            OptionalLong.of(12_000),
            OptionalLong.of(4_000),
            OptionalLong.empty(),
            OptionalLong.of(500));

    assertThat(advised(planned).request().prewarm()).isEmpty();
  }

  @Test
  void of_provisionedCapacity_leavesHalfOfItToOthers() {
    var planned = new Planned();
    planned.isOnDemand = false;
    planned.throughput = Planned.provisioned(500, 300);
    planned.items = 10_000;
    planned.bytes = 10_000_000;
    planned.writeUnits = 10_000;

    var advised = advised(planned);

    assertThat(advised.request().writeUnitsPerSecond()).isEqualTo(OptionalInt.of(150));
    assertThat(suggestion(advised, "--write-units-per-second").why()).contains("half of the 300");
  }

  @Test
  void of_whatIsGiven_advisesNothingElse() {
    var planned = large();
    planned.segments = 7;
    planned.atOnce = 3;
    planned.writeBudget = OptionalInt.of(99);

    var advised =
        advised(
            planned,
            "--segments",
            "--max-concurrency",
            "--prewarm",
            "--write-units-per-second",
            "--slice-seconds",
            "--guard",
            "--keep-before-images",
            "--canary");

    assertThat(advised.request()).isEqualTo(planned.request());
    assertThat(advised.suggestions()).allMatch(Suggestion::isGiven);
  }
}
