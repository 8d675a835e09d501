package dev.godwit.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.facts.TableFacts.Recovery;
import dev.godwit.cli.facts.Told;
import dev.godwit.cli.plan.Check.Answer;
import dev.godwit.cli.price.Price;
import dev.godwit.run.RunRequest.Prewarm;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckerTest {
  private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

  private static Check check(Planned planned, String name) {
    return checks(planned, Optional.empty()).stream()
        .filter(check -> check.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<Check> checks(Planned planned, Optional<Path> results) {
    return new Checker(
            planned.table(),
            planned.sample(),
            planned.needs(),
            planned.request(),
            planned.prices(),
            planned.bills().get(0).pace(),
            NOW)
        .checks(Optional::empty, results, List.of());
  }

  @Test
  void checks_ofATableThatIsReady_areAllYes(@TempDir Path results) {
    assertThat(checks(new Planned(), Optional.of(results.resolve("not").resolve("there"))))
        .hasSizeGreaterThan(4)
        .allSatisfy(check -> assertThat(check.answer()).as(check.name()).isEqualTo(Answer.YES));
    assertThat(results).isEmptyDirectory();
  }

  @Test
  void recovery_thatIsOff_isNo_andSaysWhatItCosts() {
    var planned = new Planned().price(Price.RECOVERY, "0.2");
    planned.items = 1;
    planned.bytes = 50_000_000_000L;
    planned.recovery = Told.of(new Recovery(false, OptionalInt.empty(), Optional.empty()));

    assertThat(check(planned, "recovery").answer()).isEqualTo(Answer.NO);
    assertThat(check(planned, "recovery").why())
        .isEqualTo("it is off; switch it on, for $10.00 a month");
  }

  @Test
  void recovery_thatReachesBackLessThanTheRunTakes_isNo() {
    var planned = new Planned();
    planned.writeUnits = 4_000 * 86_400 * 1.5;
    planned.recovery = Told.of(new Recovery(true, OptionalInt.of(2), Optional.empty()));

    assertThat(check(planned, "recovery").answer()).isEqualTo(Answer.NO);
    assertThat(check(planned, "recovery").why()).contains("2 days back", "36.0 h");
  }

  @Test
  void recovery_thatMayNotBeLookedAt_isUnknown_andSaysWhatToAllow() {
    var planned = new Planned();
    planned.recovery =
        Told.unknown("it may not be looked at; allow dynamodb:DescribeContinuousBackups");

    assertThat(check(planned, "recovery"))
        .isEqualTo(
            Check.unknown(
                "recovery",
                "Can the table be had back as it was (point-in-time recovery)?",
                "it may not be looked at; allow dynamodb:DescribeContinuousBackups"));
  }

  @Test
  void active_whileSomethingIsUpdated_isNo() {
    var planned = new Planned();
    planned.status = "UPDATING";

    assertThat(check(planned, "active").answer()).isEqualTo(Answer.NO);
    assertThat(check(planned, "active").why()).contains("UPDATING", "wait");
  }

  @Test
  void lease_whenTheLedgerDoesNotAnswer_isUnknown() {
    var planned = new Planned();

    var lease =
        new Checker(
                planned.table(),
                planned.sample(),
                planned.needs(),
                planned.request(),
                planned.prices(),
                planned.bills().get(0).pace(),
                NOW)
                .checks(
                    () -> {
                      throw new CommandFailed(ExitCode.UNREACHABLE, "not today");
                    },
                    Optional.empty(),
                    List.of())
                .stream()
                .filter(check -> check.name().equals("lease"))
                .findFirst()
                .orElseThrow();

    assertThat(lease.answer()).isEqualTo(Answer.UNKNOWN);
    assertThat(lease.why()).contains("not today");
  }

  @Test
  void items_thatFail_areNo_unlessTheyAreAllowed() {
    var planned = new Planned();
    planned.items = 100;
    planned.errors = Map.of("java.lang.IllegalStateException", 3L);

    assertThat(check(planned, "items").answer()).isEqualTo(Answer.NO);
    assertThat(check(planned, "items").why())
        .contains("3 with java.lang.IllegalStateException", "test-transform");

    planned.failuresAllowed = 10;
    assertThat(check(planned, "items").answer()).isEqualTo(Answer.YES);
  }

  @Test
  void moves_inAStronglyConsistentGlobalTable_areNo() {
    var planned = new Planned();
    planned.isStronglyConsistent = true;
    assertThat(check(planned, "transactions").answer()).isEqualTo(Answer.YES);

    planned.items = 10;
    planned.moved = 2;
    assertThat(check(planned, "transactions").answer()).isEqualTo(Answer.NO);
  }

  /** Four at any time, then one in an hour without one, 27 in a day. */
  @Test
  void decreases_thatAreUsedUp_areNo_whereCapacityIsRaised() {
    var planned = new Planned();
    planned.isOnDemand = false;
    planned.throughput = Planned.provisioned(100, 100);
    planned.prewarm = Optional.of(new Prewarm(1_000, 1_000));
    planned.decreases = 3;
    planned.lastDecrease = Optional.of(NOW.minusSeconds(60));
    assertThat(check(planned, "decreases").answer()).isEqualTo(Answer.YES);

    planned.decreases = 4;
    assertThat(check(planned, "decreases").answer()).isEqualTo(Answer.NO);
    assertThat(check(planned, "decreases").why()).contains("wait an hour");

    planned.lastDecrease = Optional.of(NOW.minusSeconds(3_700));
    assertThat(check(planned, "decreases").answer()).isEqualTo(Answer.YES);

    planned.decreases = 27;
    assertThat(check(planned, "decreases").answer()).isEqualTo(Answer.NO);
    assertThat(check(planned, "decreases").why()).contains("next day");

    planned.prewarm = Optional.empty();
    assertThat(checks(planned, Optional.empty()))
        .extracting(Check::name)
        .doesNotContain("decreases");
  }

  @Test
  void quota_beyondTheDefault_isUnknown() {
    var planned = new Planned();
    planned.prewarm = Optional.of(new Prewarm(12_000, 50_000));

    assertThat(check(planned, "quota").answer()).isEqualTo(Answer.UNKNOWN);
  }
}
