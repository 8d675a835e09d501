package dev.godwit.cli.lifecycle;

import static dev.godwit.cli.lifecycle.FakePlace.ARN;
import static dev.godwit.cli.lifecycle.FakePlace.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.ledger.Lease;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.ledger.LedgerTable;
import dev.godwit.cli.ledger.RunRate;
import dev.godwit.cli.ledger.RunRecord;
import dev.godwit.cli.lifecycle.Executions.NotRedriven;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunStatus;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.StopSignal;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.run.RunRequest;
import dev.godwit.run.RunRequestJson;
import dev.godwit.run.Tally;
import dev.godwit.run.slice.Sharing;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The rules of runs' lives, at a place that does as the test says. */
class RunLifecycleRulesTest {
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();
  private static final DynamoDbConnection CONNECTION =
      DynamoDbConnection.local(DYNAMO_DB.endpoint());
  private static int tables;

  @TempDir Path folder;
  private final List<String> told = new ArrayList<>();
  private String table = "";
  private RunRequest r = request("r", "none", "apply");
  private FakePlace place = new FakePlace(CLIENT, CONNECTION, Path.of("none"));

  private final RunObserver observer =
      new RunObserver() {
        @Override
        public void pageDone(Tally page) {}

        @Override
        public void segmentsAre(SegmentCounts counts) {}

        @Override
        public void adjusted(String how) {
          told.add(how);
        }
      };

  @BeforeEach
  void begin() {
    LedgerTable.ensure(CONNECTION, LedgerTable.OF_MACHINES);
    table = "Cities" + ++tables;
    r = request("r" + tables, table, "apply");
    place = new FakePlace(CLIENT, CONNECTION, folder);
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  private static void put(Map<String, AttributeValue> item) {
    CLIENT.putItem(put -> put.tableName(LedgerTable.OF_MACHINES).item(item));
  }

  /** What the ledger has of the run. */
  private void record(String status, int redrives) {
    var item = new HashMap<String, AttributeValue>();
    item.put("pk", s("RUN#" + r.runId()));
    item.put("sk", s("RUN"));
    item.put("runId", s(r.runId()));
    item.put("tableName", s(table));
    item.put("migration", s(r.migration()));
    item.put("direction", s("up"));
    item.put("mode", s("apply"));
    item.put("code", s("old"));
    item.put("worker", s("worker:run-" + r.runId()));
    item.put("workerVersion", s("6"));
    item.put("executionArn", s(ARN + r.runId()));
    item.put("request", s(RunRequestJson.write(r).toString()));
    item.put("status", s(status));
    item.put("startedAt", s("2026-11-20T11:00:00Z"));
    item.put("fence", AttributeValue.fromN("3"));
    item.put("redrives", AttributeValue.fromN(Integer.toString(redrives)));
    if (!status.equals("RUNNING")) {
      item.put("endedAt", s("2026-11-20T11:30:00.000Z"));
      item.put("error", s("States.TaskFailed"));
      item.put("cause", s("because"));
    }
    put(item);
  }

  private void heldBy(String runId, String since) {
    put(
        Map.of(
            "pk", s("TABLE#" + table),
            "sk", s("LEASE"),
            "fence", AttributeValue.fromN("3"),
            "runId", s(runId),
            "executionArn", s(ARN + runId),
            "since", s(since)));
  }

  private void free() {
    put(Map.of("pk", s("TABLE#" + table), "sk", s("LEASE"), "fence", AttributeValue.fromN("3")));
  }

  /** Changes one attribute of the lease, of the run's record otherwise. */
  private void change(String item, String attribute, AttributeValue value) {
    CLIENT.updateItem(
        update ->
            update
                .tableName(LedgerTable.OF_MACHINES)
                .key(
                    item.equals("lease")
                        ? Map.of("pk", s("TABLE#" + table), "sk", s("LEASE"))
                        : Map.of("pk", s("RUN#" + r.runId()), "sk", s("RUN")))
                .updateExpression("SET #a = :a")
                .expressionAttributeNames(Map.of("#a", attribute))
                .expressionAttributeValues(Map.of(":a", value)));
  }

  private void change(String itemAndAttribute) {
    var named = itemAndAttribute.split("\\.", 2);
    change(
        named[0],
        named[1],
        named[1].equals("fence") ? AttributeValue.fromN("9") : s(ARN + "other"));
  }

  private RunRecord recorded() {
    return place.ledger().run(r.runId()).orElseThrow();
  }

  private Lease lease() {
    return place.ledger().lease(table);
  }

  private void redrive() {
    place.runs().redrive(r.runId(), false, observer, new StopSignal());
  }

  private String advice() {
    return place.runs().state(r.runId()).advice().orElse("");
  }

  /** Failed, settled, its table free: as most runs are that are redriven. */
  private void failedAndSettled() {
    place.has(r, RunStatus.FAILED, 0);
    record("FAILED", 0);
    free();
  }

  private void running() {
    place.has(r, RunStatus.RUNNING, 0);
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");
  }

  @Test
  void change_runThatGoesOn_isWrittenWithWhoAndWhenAndLeavesTheCounts() {
    running();
    put(
        Map.of(
            "pk", s("RUN#" + r.runId()),
            "sk", s("RATE"),
            "scanned-3", AttributeValue.fromN("2")));

    place.runs().change(r.runId(), RateOrder.PAUSE);
    place.runs().change(r.runId(), RateOrder.budgets(OptionalInt.empty(), OptionalInt.of(450)));
    place.runs().change(r.runId(), RateOrder.budgets(OptionalInt.of(30), OptionalInt.of(300)));

    var rate = place.ledger().rate(r.runId());
    assertThat(rate.paused()).isTrue();
    assertThat(rate.readUnitsPerSecond()).hasValue(30);
    assertThat(rate.writeUnitsPerSecond()).hasValue(300);
    assertThat(rate.revision()).isEqualTo(3);
    assertThat(rate.changes())
        .extracting(RunRate.Change::what)
        .containsExactly(
            "paused",
            "write units per second 450 instead of no limit",
            "read units per second 30 instead of no limit, write units per second 300 instead of 450");
    assertThat(rate.changes())
        .allSatisfy(
            change -> {
              assertThat(change.by()).isEqualTo("ana@here");
              assertThat(change.at()).isEqualTo("2026-11-20T12:00:00Z");
            });
    var document =
        CLIENT.getItem(
            get ->
                get.tableName(LedgerTable.OF_MACHINES)
                    .key(Map.of("pk", s("RUN#" + r.runId()), "sk", s("RATE"))));
    assertThat(document.item()).containsEntry("scanned-3", AttributeValue.fromN("2"));
    assertThat(advice()).contains("It is paused", "'godwit resume " + r.runId() + "'");
  }

  @Test
  void change_moreAtOnce_isWrittenFirstAndDoneWhenAllWorkersKnow() {
    running();
    int before = r.maxConcurrency();
    place.atOnce = before;
    var began = place.now;

    place.runs().change(r.runId(), atOnce(before + 50));
    assertThat(place.atOnce).isEqualTo(before + 50);
    assertThat(place.limitedAt).isAfterOrEqualTo(began.plus(Sharing.RAISED_AFTER));

    var lowered = place.now;
    place.runs().change(r.runId(), atOnce(before - 1));
    assertThat(place.atOnce).isEqualTo(before - 1);
    assertThat(place.limitedAt).as("at once").isEqualTo(lowered);

    var rate = place.ledger().rate(r.runId());
    assertThat(rate.maxConcurrency()).hasValue(before - 1);
    assertThat(rate.atOnce()).as("the most that it ever was").hasValue(before + 50);
    assertThat(rate.changes())
        .extracting(RunRate.Change::what)
        .containsExactly(
            "at most " + (before + 50) + " segments at once instead of " + before,
            "at most " + (before - 1) + " segments at once instead of " + (before + 50));
    assertThat(place.runs().state(r.runId()).maxConcurrency()).isEqualTo(before - 1);
  }

  /** The process of a change that died before it was done is repeated. */
  @Test
  void change_asManyAtOnceAsAreWrittenButNotAtWork_isDone() {
    running();
    place.runs().change(r.runId(), atOnce(7));
    place.atOnce = 5;
    var again = place.now;

    place.runs().change(r.runId(), atOnce(7));

    assertThat(place.atOnce).isEqualTo(7);
    assertThat(place.limitedAt).isAfterOrEqualTo(again.plus(Sharing.RAISED_AFTER));
    assertThat(place.ledger().rate(r.runId()).revision()).isEqualTo(1);
  }

  private static RateOrder atOnce(int segments) {
    return RateOrder.budgets(OptionalInt.empty(), OptionalInt.empty())
        .atOnce(OptionalInt.of(segments));
  }

  @Test
  void change_byAStep_goesByWhatIsThereAndSaysWhatItBecame() {
    running();
    assertThatExceptionOfType(CommandFailed.class)
        .isThrownBy(() -> place.runs().change(r.runId(), RateOrder::faster))
        .withMessageContaining("has no budget that could be changed")
        .withMessageContaining("--write-units-per-second");
    assertThat(place.ledger().rate(r.runId())).isEqualTo(RunRate.AS_ASKED);

    place.runs().change(r.runId(), RateOrder.budgets(OptionalInt.of(4), OptionalInt.of(1_000)));
    assertThat(place.runs().change(r.runId(), RateOrder::faster))
        .isEqualTo(
            "read units per second 5 instead of 4, write units per second 1,100 instead of 1,000");
    assertThat(place.runs().change(r.runId(), RateOrder::slower))
        .isEqualTo(
            "read units per second 4 instead of 5, write units per second 990 instead of 1,100");
    for (int i = 0; i < 4; i++) {
      place.runs().change(r.runId(), RateOrder::slower);
    }
    assertThat(place.ledger().rate(r.runId()).readUnitsPerSecond()).hasValue(1);

    assertThat(place.runs().change(r.runId(), RateOrder::pauseOrResume)).isEqualTo("paused");
    assertThat(place.runs().change(r.runId(), RateOrder::pauseOrResume)).isEqualTo("resumed");
  }

  /** The largest budget that there can be stays one. */
  @Test
  void change_theLargestBudgetByAStep_staysAsItIs() {
    running();
    place
        .runs()
        .change(
            r.runId(), RateOrder.budgets(OptionalInt.empty(), OptionalInt.of(Integer.MAX_VALUE)));
    assertThat(place.runs().change(r.runId(), RateOrder::faster)).isEmpty();
  }

  private void heldByAlarm() {
    running();
    put(
        Map.of(
            "pk", s("RUN#" + r.runId()),
            "sk", s("RATE"),
            "paused", AttributeValue.fromBool(true),
            "revision", AttributeValue.fromN("1"),
            "alarmHold", s("held")));
  }

  @Test
  void change_resumedInSpiteOfAnAlarm_isNotHeldAgainForThisOne() {
    heldByAlarm();
    assertThat(advice()).contains("while a CloudWatch alarm is on", "'godwit resume ");

    place.runs().change(r.runId(), RateOrder.RESUME);

    var rate = place.ledger().rate(r.runId());
    assertThat(rate.paused()).isFalse();
    assertThat(rate.hold()).contains("waived");

    place.runs().change(r.runId(), RateOrder.PAUSE);
    place.runs().change(r.runId(), RateOrder.RESUME);
    assertThat(place.ledger().rate(r.runId()).hold())
        .as("whoever pauses and resumes without an alarm's pause waives none")
        .isEmpty();
  }

  @Test
  void change_pausedByAPersonWhileAnAlarmHoldsIt_waitsForThePerson() {
    heldByAlarm();
    place.runs().change(r.runId(), RateOrder.budgets(OptionalInt.empty(), OptionalInt.of(450)));
    assertThat(place.ledger().rate(r.runId()).isHeldByAlarm()).as("another budget").isTrue();

    place.runs().change(r.runId(), RateOrder.PAUSE);

    var rate = place.ledger().rate(r.runId());
    assertThat(rate.paused()).isTrue();
    assertThat(rate.hold()).isEmpty();
    assertThat(rate.changes()).extracting(RunRate.Change::what).contains("paused");
    var document =
        CLIENT.getItem(
            get ->
                get.tableName(LedgerTable.OF_MACHINES)
                    .key(Map.of("pk", s("RUN#" + r.runId()), "sk", s("RATE"))));
    assertThat(document.item()).containsEntry("pausedBy", s("ana@here"));
  }

  @Test
  void change_toWhatIsSoAlready_writesNothing() {
    running();
    place.runs().change(r.runId(), RateOrder.RESUME);
    assertThat(place.ledger().rate(r.runId())).isEqualTo(RunRate.AS_ASKED);

    place.runs().change(r.runId(), RateOrder.PAUSE);
    place.runs().change(r.runId(), RateOrder.PAUSE);
    assertThat(place.ledger().rate(r.runId()).changes()).hasSize(1);
  }

  @Test
  void changeRate_onWhatSomebodyHasChangedSince_writesNothing() {
    running();
    var seen = place.ledger().rate(r.runId());
    assertThat(seen.revision()).isZero();
    place.runs().change(r.runId(), RateOrder.budgets(OptionalInt.of(9), OptionalInt.empty()));
    assertThat(
            place
                .ledger()
                .changeRate(
                    recorded(),
                    seen,
                    RateOrder.PAUSE.on(r, seen),
                    new RunRate.Change("a", "b", "c", seen.budgets())))
        .as("on what was read before")
        .isFalse();

    assertThat(place.ledger().rate(r.runId()).paused()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SUCCEEDED", "FAILED", "ABORTED"})
  void change_runThatHasEnded_isRefusedAndWritesNothing(String status) {
    place.has(r, RunStatus.valueOf(status), 0);
    record(status, 0);

    refusesToChange("The run " + r.runId() + " has ended: " + status);
  }

  @Test
  void change_booksClosedMeanwhile_isRefusedAndWritesNothing() {
    place.has(r, RunStatus.RUNNING, 0);
    record("ABORTED", 0);

    refusesToChange("The run " + r.runId() + " has ended meanwhile");
  }

  @Test
  void change_unknownRun_isRefused() {
    refusesToChange("There is no run " + r.runId());
  }

  @Test
  void change_runThatOnlyReads_isRefused() {
    r = request(r.runId(), table, "dry-run");
    place.has(r, RunStatus.RUNNING, 0);

    refusesToChange("only reads (dry-run)");
  }

  @Test
  void change_runThatIsNotOpenedYet_isRefused() {
    place.has(r, RunStatus.RUNNING, 0);

    refusesToChange("has not begun yet");
  }

  private void refusesToChange(String why) {
    assertThatThrownBy(() -> place.runs().change(r.runId(), RateOrder.PAUSE))
        .isInstanceOfSatisfying(
            CommandFailed.class,
            refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_USAGE))
        .hasMessageContaining(why);
    assertThat(place.ledger().rate(r.runId())).isEqualTo(RunRate.AS_ASKED);
  }

  @Test
  void redrive_takesTheTableUnderANewFence_andItsNextEndClosesTheBooks() {
    failedAndSettled();
    place.meanwhile =
        () -> {
          assertThat(lease().fence()).isEqualTo(4);
          assertThat(lease().isHeldBy(ARN + r.runId())).isTrue();
          assertThat(recorded().fence()).isEqualTo(4);
          assertThat(recorded().redrives()).isEqualTo(1);
          assertThat(recorded().status()).isEqualTo("RUNNING");
          assertThat(recorded().error()).isEmpty();
        };

    redrive();

    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
    assertThat(lease()).isEqualTo(new Lease(4, Optional.empty()));
    assertThat(place.ledger().history(table)).hasSize(1);
  }

  @Test
  void redrive_thatIsRefused_givesTheTableBackAsItWas() {
    failedAndSettled();
    var before = recorded();
    place.refusal = Optional.of(new NotRedriven("no", true, new IllegalStateException()));

    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("could not be redriven (no)");

    assertThat(lease()).isEqualTo(new Lease(4, Optional.empty()));
    assertThat(recorded().status()).isEqualTo("FAILED");
    assertThat(recorded().redrives()).isZero();
    assertThat(recorded().endedAt()).isEqualTo(before.endedAt());
    assertThat(recorded().cause()).contains("because");
  }

  @Test
  void redrive_ofAKilledRunThatIsRefused_leavesItItsTable() {
    place.hasKilled(r);
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");
    place.refusal = Optional.of(new NotRedriven("no", true, new IllegalStateException()));

    assertThatThrownBy(this::redrive).isInstanceOf(CommandFailed.class);

    assertThat(lease().isHeldBy(ARN + r.runId())).isTrue();
    assertThat(recorded().redrives()).isZero();
    assertThat(recorded().fence()).isEqualTo(lease().fence());
  }

  @Test
  void redrive_thatTheExecutionThrowsIn_givesTheTableBack() {
    failedAndSettled();
    place.meanwhile =
        () -> {
          throw new IllegalStateException("the disk is full");
        };

    assertThatThrownBy(this::redrive).hasMessage("the disk is full");

    assertThat(lease().holder()).isEmpty();
    assertThat(recorded().status()).isEqualTo("FAILED");
  }

  @Test
  void redrive_whoseAnswerIsLost_keepsTheTable_untilStopFreesIt() {
    failedAndSettled();
    place.refusal = Optional.of(new NotRedriven("timeout", false, new IllegalStateException()));

    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("is not known (timeout); it keeps its table")
        .hasMessageContaining("'godwit stop " + r.runId() + "' frees the table");

    assertThat(lease().isHeldBy(ARN + r.runId())).isTrue();
    assertThat(advice()).isEqualTo("It is being redriven.");
    assertThatThrownBy(() -> place.runs().stop(r.runId()))
        .as("it may be just about to go on")
        .isInstanceOf(CommandFailed.class);

    place.now = place.now.plusSeconds(359);
    assertThat(advice()).as("a minute for the call to arrive").isEqualTo("It is being redriven.");
    assertThatThrownBy(() -> place.runs().stop(r.runId())).isInstanceOf(CommandFailed.class);

    place.now = place.now.plusSeconds(2);
    assertThat(advice())
        .contains("A redrive has taken its table and did not go on")
        .contains("'godwit stop " + r.runId() + "' frees it")
        .contains("'godwit redrive " + r.runId() + "'");
    place.runs().stop(r.runId());

    assertThat(lease()).isEqualTo(new Lease(5, Optional.empty()));
    assertThat(recorded().status()).isEqualTo("FAILED");
    assertThatThrownBy(() -> place.runs().stop(r.runId()))
        .hasMessageContaining("has ended already: FAILED");
  }

  @Test
  void redrive_whoseAnswerIsLostThoughItGoesOn_isFollowed() {
    failedAndSettled();
    place.refusal = Optional.of(new NotRedriven("timeout", false, new IllegalStateException()));
    place.meanwhile = () -> place.has(r, RunStatus.RUNNING, 1);

    redrive();

    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
    assertThat(lease().holder()).isEmpty();
  }

  /** Its process died between the two: nothing but the ledger knows. */
  @Test
  void redrive_afterOneThatDiedWithTheTable_goesOn() {
    failedAndSettled();
    place
        .ledger()
        .takeToRedrive(recorded(), lease(), 1, Optional.empty(), FakePlace.NOW.minusSeconds(600));

    redrive();

    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
    assertThat(recorded().redrives()).isEqualTo(1);
    assertThat(lease()).isEqualTo(new Lease(5, Optional.empty()));
  }

  /** The write that took the table comes through long after its process has given up. */
  @Test
  void redrive_whoseTakingIsLate_changesNothing() {
    failedAndSettled();
    var seen = lease();
    var before = recorded();
    redrive();

    assertThatThrownBy(
            () -> place.ledger().takeToRedrive(before, seen, 1, Optional.empty(), FakePlace.NOW))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("by somebody else just now; nothing was changed");

    assertThat(lease().holder()).isEmpty();
    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
  }

  @Test
  void redrive_whileSomebodyElseTakesTheTable_stopsTheRunAgain() {
    failedAndSettled();
    place.meanwhile =
        () -> place.ledger().takeToSettle(recorded(), lease(), FakePlace.NOW.plusSeconds(1));

    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("by somebody else at the same time, and was stopped again");

    assertThat(place.stopped).containsExactly(r.runId());
  }

  @Test
  void redrive_giveBack_ofATableThatSomebodyElseHasTakenSince_isLeftToThem() {
    failedAndSettled();
    place.meanwhile =
        () -> place.ledger().takeToSettle(recorded(), lease(), FakePlace.NOW.plusSeconds(1));
    place.refusal = Optional.of(new NotRedriven("no", true, new IllegalStateException()));

    assertThatThrownBy(this::redrive).hasMessageContaining("could not be redriven");

    assertThat(lease().fence()).isEqualTo(5);
    assertThat(lease().isHeldBy(ARN + r.runId())).isTrue();
    assertThat(recorded().isOpen()).isTrue();
  }

  /** A call that comes late is then taken for one that was carried out. */
  @Test
  void redrive_fromOneEnd_hasOneToken_andFromTheNextEndAnother() {
    var longest = request("r".repeat(64), table, "apply");
    r = longest;
    failedAndSettled();
    place.refusal = Optional.of(new NotRedriven("no", true, new IllegalStateException()));
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(this::redrive).hasMessageContaining("could not be redriven");
    }
    place.has(r, RunStatus.FAILED, 1);
    assertThatThrownBy(this::redrive).hasMessageContaining("could not be redriven");

    assertThat(place.tokens).hasSize(3).allMatch(token -> token.length() <= 64);
    assertThat(place.tokens.get(1)).isEqualTo(place.tokens.get(0));
    assertThat(place.tokens.get(2)).isNotEqualTo(place.tokens.get(0));
  }

  @Test
  void redrive_ofASuccessWhoseBooksAreOpen_closesThemAndNothingElse() {
    place.has(r, RunStatus.SUCCEEDED, 0);
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");

    redrive();

    assertThat(place.tokens).isEmpty();
    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
    assertThat(place.ledger().history(table)).hasSize(1);
    assertThatThrownBy(this::redrive).hasMessageContaining("has succeeded");
  }

  @Test
  void redrive_whileAnotherRunHasTheTable_isRefusedAndNamesIt() {
    failedAndSettled();
    heldBy("other", "2026-11-20T11:40:00Z");

    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("is held by the run other since 2026-11-20T11:40:00Z");

    assertThat(place.tokens).isEmpty();
    assertThat(recorded().fence()).isEqualTo(3);
  }

  @Test
  void redrive_behindItsPrewarm_saysThatCapacityIsNotRaisedAgain() {
    var json = RunRequestJson.write(r);
    json.putObject("prewarm").put("readUnits", 100).put("writeUnits", 100);
    r = RunRequestJson.read(json.toString());
    failedAndSettled();
    redrive();
    assertThat(told).singleElement().asString().startsWith("Capacity is not raised again");

    told.clear();
    failedAndSettled();
    place.mapRunsBegun = false;
    redrive();
    assertThat(told).as("it has yet to raise it").isEmpty();
  }

  @Test
  void redrive_withOtherCodeThanItBeganWith_isRefusedUnlessItIsAccepted() {
    failedAndSettled();
    place.code = Optional.of("new");

    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("'godwit redrive " + r.runId() + " --accept-new-code'");
    assertThat(lease().fence()).as("nothing was changed").isEqualTo(3);

    place.runs().redrive(r.runId(), true, observer, new StopSignal());
    assertThat(recorded().code()).contains("new");
    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
  }

  @Test
  void redrive_withNewCodeThatIsThenRefused_leavesTheRunTheCodeThatItHad() {
    failedAndSettled();
    place.code = Optional.of("new");
    place.refusal = Optional.of(new NotRedriven("no", true, new IllegalStateException()));
    place.whenAccepted =
        () -> {
          assertThat(recorded().code()).as("the ledger first").contains("new");
          assertThat(recorded().workerVersion()).contains("7");
        };

    assertThatThrownBy(() -> place.runs().redrive(r.runId(), true, observer, new StopSignal()))
        .hasMessageContaining("could not be redriven");

    assertThat(place.did).containsExactly("accept new 7");
    assertThat(recorded().code()).contains("old");
    assertThat(recorded().workerVersion()).contains("6");

    place.code = Optional.of("old");
    place.refusal = Optional.empty();
    redrive();
    assertThat(place.did).containsExactly("accept new 7", "hold old 6");
    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
  }

  @Test
  void redrive_ofARunWhoseLedgerNamesNoVersion_holdsItToNone() {
    failedAndSettled();
    CLIENT.updateItem(
        update ->
            update
                .tableName(LedgerTable.OF_MACHINES)
                .key(Map.of("pk", s("RUN#" + r.runId()), "sk", s("RUN")))
                .updateExpression("REMOVE workerVersion"));
    place.refusal = Optional.of(new NotRedriven("no", true, new IllegalStateException()));
    assertThatThrownBy(this::redrive).hasMessageContaining("could not be redriven");
    assertThat(recorded().workerVersion()).isEmpty();
    assertThat(recorded().code()).contains("old");
    assertThat(place.did).isEmpty();
  }

  /** A snapshot that has to be made again takes minutes. */
  @Test
  void redrive_withNewCodeThatHasToBeWokenFirst_takesTheTableOnlyThen() {
    failedAndSettled();
    place.code = Optional.of("new");
    place.waking = Duration.ofMinutes(20);
    place.meanwhile =
        () -> assertThat(lease().holder().orElseThrow().since()).isEqualTo(place.now.toString());

    place.runs().redrive(r.runId(), true, observer, new StopSignal());

    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
  }

  /** Others may free the table from then on: the run would go on without it. */
  @Test
  void redrive_moreThanFiveMinutesAfterItTookTheTable_isRefusedAndGivesItBack() {
    failedAndSettled();
    place.code = Optional.of("new");
    place.accepting = Duration.ofMinutes(5).plusSeconds(1);

    assertThatThrownBy(() -> place.runs().redrive(r.runId(), true, observer, new StopSignal()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("more than 5 minutes ago");

    assertThat(place.tokens).isEmpty();
    assertThat(lease().holder()).isEmpty();
    assertThat(recorded().status()).isEqualTo("FAILED");
    assertThat(recorded().code()).contains("old");
  }

  @Test
  void start_retryingWhatFailedInAnotherMigrationTableOrDirection_isRefused() throws IOException {
    Files.createDirectories(folder.resolve("runs/earlier/failures/segment-00000"));
    Files.writeString(folder.resolve("runs/earlier/failures/segment-00000/start.jsonl"), "{}\n");
    for (var changed :
        Map.of("tableName", "Other", "migration", "20261120-other", "direction", "down")
            .entrySet()) {
      var earlier = RunRequestJson.write(request("earlier", table, "apply"));
      earlier.put(changed.getKey(), changed.getValue());
      place.has(RunRequestJson.read(earlier.toString()), RunStatus.SUCCEEDED, 0);

      assertThatThrownBy(() -> place.runs().start(retrying()))
          .isInstanceOfSatisfying(
              CommandFailed.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.BAD_USAGE))
          .hasMessageContaining("cannot be offered to 20261120-updated-at up over " + table)
          .hasMessageContaining(changed.getValue())
          .hasMessageContaining("nothing was started");
      assertThat(place.describe(r.runId())).isEmpty();
    }
    place.has(request("earlier", table, "apply"), RunStatus.SUCCEEDED, 0);
    place.runs().start(retrying());
    assertThat(place.describe(r.runId())).isPresent();
  }

  private RunRequest retrying() {
    var json = RunRequestJson.write(r);
    json.put("retryFailures", "earlier");
    return RunRequestJson.read(json.toString());
  }

  /** Step Functions forgets executions 90 days after their end; the ledger does not. */
  @Test
  void start_retryingARunThatOnlyTheLedgerKnows_isCheckedAgainstThat() {
    var known = r;
    r = request("earlier", table, "apply");
    var other = RunRequestJson.write(r);
    other.put("migration", "20261120-other");
    r = RunRequestJson.read(other.toString());
    record("SUCCEEDED", 0);
    r = known;

    assertThatThrownBy(() -> place.runs().start(retrying()))
        .hasMessageContaining("The run earlier was 20261120-other up over the table " + table);
  }

  @Test
  void state_ofARunThatFailedBecauseItsCodeChanged_saysHowToGoOn() {
    place.has(
        new Execution(
            ARN + r.runId(),
            r,
            RunStatus.FAILED,
            false,
            false,
            FakePlace.NOW.minusSeconds(3600),
            Optional.of(FakePlace.NOW.minusSeconds(1800)),
            0,
            Optional.empty(),
            Optional.of("dev.godwit.worker.code.TransformChanged"),
            Optional.of("other code"),
            Optional.empty()));
    record("FAILED", 0);
    free();
    assertThat(advice()).contains("'godwit redrive " + r.runId() + " --accept-new-code'");
  }

  @Test
  void stop_ofARunThatEndedAndWasNeverSettled_closesItsBooks() {
    place.has(r, RunStatus.FAILED, 0);
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");
    assertThat(advice()).contains("'godwit stop " + r.runId() + "' closes them");

    place.runs().stop(r.runId());

    assertThat(recorded().status()).isEqualTo("FAILED");
    assertThat(lease().holder()).isEmpty();
    assertThat(place.ledger().history(table)).isEmpty();
  }

  /** Closing the books leaves the fence as it is: taken now, the table would be free no more. */
  @Test
  void takeToSettle_ofARunThatSomebodyElseHasSettledMeanwhile_changesNothing() {
    place.has(r, RunStatus.FAILED, 0);
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");
    var seen = recorded();
    record("FAILED", 0);
    free();
    var lease = lease();

    assertThatThrownBy(() -> place.ledger().takeToSettle(seen, lease, FakePlace.NOW))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("by somebody else just now; nothing was changed");

    assertThat(lease()).isEqualTo(new Lease(3, Optional.empty()));
  }

  @Test
  void stop_ofAKilledRun_endsItAndFreesItsTable() {
    place.hasKilled(r);
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");

    place.runs().stop(r.runId());

    assertThat(place.stopped).containsExactly(r.runId());
    assertThat(recorded().status()).isEqualTo("ABORTED");
    assertThat(lease().holder()).isEmpty();
  }

  /** Redriven in the console: its books were closed before, and its end is nobody's so far. */
  @Test
  void stop_ofARunRedrivenWithoutItsTable_writesThatEnd() {
    record("FAILED", 0);
    free();
    place.now = FakePlace.NOW.plusSeconds(7200);
    place.has(
        new Execution(
            ARN + r.runId(),
            r,
            RunStatus.SUCCEEDED,
            false,
            false,
            FakePlace.NOW.minusSeconds(3600),
            Optional.of(FakePlace.NOW),
            1,
            Optional.of(FakePlace.NOW.minusSeconds(60)),
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));

    place.runs().stop(r.runId());

    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
    assertThat(lease().holder()).isEmpty();
  }

  @Test
  void run_thatFoundItsTableTaken_namesTheHolderAndNotItself() {
    place.has(r, RunStatus.FAILED, 0);
    place.mapRunsBegun = false;
    heldBy("other", "2026-11-20T11:40:00Z");

    var ending = place.runs().watch(r.runId(), observer, new StopSignal());

    assertThat(ending.advice().orElse(""))
        .contains("other")
        .contains("'godwit release --table " + table + "'")
        .doesNotContain("redrive");
    assertThat(advice()).contains("It never began").doesNotContain("redrive");
    assertThatThrownBy(this::redrive).hasMessageContaining("never began");
    assertThatThrownBy(() -> place.runs().stop(r.runId()))
        .hasMessageContaining("has ended already");
    assertThat(lease().isHeldBy(ARN + "other")).isTrue();
  }

  @Test
  void commands_onHalfARecord_sayWhatIsMissing_andReleaseFreesTheTable() {
    place.has(r, RunStatus.FAILED, 0);
    put(Map.of("pk", s("RUN#" + r.runId()), "sk", s("RUN"), "slices", AttributeValue.fromN("7")));
    heldBy(r.runId(), "2026-11-20T11:00:00Z");
    var missing = "has only half a record of the run " + r.runId() + ": it lacks executionArn";

    assertThat(advice()).contains(missing).contains("startedAt");
    assertThat(place.runs().report(r.runId()).state().advice().orElse("")).contains(missing);
    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining(missing);
    assertThatThrownBy(() -> place.runs().stop(r.runId()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining(missing);
    assertThat(place.ledger().runs().halves()).contains(r.runId());

    place.runs().release(table, r.runId());
    assertThat(lease().holder()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dry-run", "verify"})
  void runs_thatWriteNothing_haveNoBooks(String mode) {
    r = request(r.runId(), table, mode);
    CLIENT.deleteTable(delete -> delete.tableName(LedgerTable.OF_MACHINES));
    place.has(r, RunStatus.FAILED, 0);

    assertThat(advice()).contains("'godwit redrive " + r.runId() + "'");
    redrive();

    assertThat(place.tokens).hasSize(1);
    assertThat(place.describe(r.runId()).orElseThrow().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(CLIENT.listTables().tableNames()).doesNotContain(LedgerTable.OF_MACHINES);
  }

  @Test
  void redrive_ofARunThatTheLedgerHereDoesNotKnow_asksForTheRightOne() {
    place.has(r, RunStatus.FAILED, 0);
    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("does not know the run " + r.runId())
        .hasMessageContaining("--ledger");
  }

  /** A settlement that was late closes the books, and leaves the fence as it is. */
  @Test
  void redrive_whoseTableIsFreedMeanwhileUnderTheSameFence_stopsTheRunAgain() {
    failedAndSettled();
    place.meanwhile =
        () ->
            put(
                Map.of(
                    "pk", s("TABLE#" + table),
                    "sk", s("LEASE"),
                    "fence", AttributeValue.fromN("4")));

    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("was stopped again");

    assertThat(place.stopped).containsExactly(r.runId());
  }

  @Test
  void redrive_ofARunThatHasOnlyJustEnded_waitsUntilItsBooksAreClosed() {
    endedJustNow(false);
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");
    place.whileWaiting =
        () -> {
          record("FAILED", 0);
          free();
        };
    place.meanwhile = () -> assertThat(place.now).as("waited").isAfter(FakePlace.NOW);

    redrive();

    assertThat(recorded().status()).isEqualTo("SUCCEEDED");
    assertThat(lease()).isEqualTo(new Lease(4, Optional.empty()));
  }

  @Test
  void redrive_ofARunWhoseBooksAreBeingClosed_isRefused() {
    endedJustNow(true);
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");

    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("its books are being closed; redrive it when they are closed");

    assertThat(place.tokens).isEmpty();
    assertThat(lease().fence()).isEqualTo(3);
  }

  private void endedJustNow(boolean beingSettled) {
    place.has(
        new Execution(
            ARN + r.runId(),
            r,
            RunStatus.FAILED,
            false,
            beingSettled,
            FakePlace.NOW.minusSeconds(3600),
            Optional.of(FakePlace.NOW),
            0,
            Optional.empty(),
            Optional.of("States.TaskFailed"),
            Optional.empty(),
            Optional.empty()));
  }

  @Test
  void redrive_ofARunThatSomebodyElseHasRedrivenMeanwhile_leavesItAlone() {
    failedAndSettled();
    place.beforeBooks.add(() -> {});
    place.beforeBooks.add(() -> place.has(r, RunStatus.RUNNING, 1));

    assertThatThrownBy(this::redrive)
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("is running");

    assertThat(place.tokens).isEmpty();
    assertThat(lease()).isEqualTo(new Lease(3, Optional.empty()));
  }

  /** DescribeExecution tells old news for a while. */
  @Test
  void state_ofARunThatWasRedrivenFromHere_doesNotBelieveAnOlderAnswer() {
    failedAndSettled();
    var runs = place.runs();
    runs.redrive(r.runId(), false, observer, new StopSignal());
    place.has(r, RunStatus.FAILED, 0);

    assertThat(runs.state(r.runId()).status()).isEqualTo(RunStatus.RUNNING);
    place.now = place.now.plus(place.manners().settledWithin());
    assertThat(runs.state(r.runId()).status()).isEqualTo(RunStatus.FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lease.fence", "lease.executionArn", "run.fence", "run.executionArn"})
  void takeToRedrive_ofWhatIsNotAsItWasRead_changesNothing(String changed) {
    failedAndSettled();
    var run = recorded();
    var seen = lease();
    change(changed);
    var lease = lease();
    var record = recorded();

    assertThatThrownBy(
            () -> place.ledger().takeToRedrive(run, seen, 1, Optional.empty(), FakePlace.NOW))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("nothing was changed");

    assertThat(lease()).isEqualTo(lease);
    assertThat(recorded()).isEqualTo(record);
  }

  @Test
  void takeToRedrive_ofATableThatAnotherCommandTookForTheSameRun_isRefused() {
    failedAndSettled();
    var run = recorded();
    var seen = lease();
    place.ledger().takeToRedrive(run, seen, 1, Optional.empty(), FakePlace.NOW);

    assertThatThrownBy(
            () ->
                place
                    .ledger()
                    .takeToRedrive(run, seen, 1, Optional.empty(), FakePlace.NOW.plusMillis(1)))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("by somebody else just now");
  }

  @Test
  void takeToRedrive_whoseAnswerIsLost_knowsTheTableForItsOwn() {
    failedAndSettled();
    var losing = new Ledger(losingAnswers(), LedgerTable.OF_MACHINES);

    var taken = losing.takeToRedrive(recorded(), lease(), 1, Optional.empty(), FakePlace.NOW);

    assertThat(taken.fence()).isEqualTo(4);
    assertThat(lease().isHeldBy(ARN + r.runId())).isTrue();
  }

  /** Transactions are carried out, and nobody hears of it. */
  private static DynamoDbClient losingAnswers() {
    return (DynamoDbClient)
        Proxy.newProxyInstance(
            DynamoDbClient.class.getClassLoader(),
            new Class<?>[] {DynamoDbClient.class},
            (proxy, method, arguments) -> {
              Object answer = method.invoke(CLIENT, arguments);
              if (method.getName().equals("transactWriteItems")) {
                throw SdkClientException.create("no answer");
              }
              return answer;
            });
  }

  /** Each of its conditions alone: of the two items one may have changed, and the other not. */
  @ParameterizedTest
  @ValueSource(strings = {"lease.fence", "run.fence", "run.executionArn"})
  void giveBack_ofWhatIsNotAsItWasTaken_changesNothing(String changed) {
    failedAndSettled();
    var taken =
        place.ledger().takeToRedrive(recorded(), lease(), 1, Optional.empty(), FakePlace.NOW);
    change(changed);
    var lease = lease();
    var record = recorded();

    assertThat(place.ledger().giveBack(taken)).isFalse();

    assertThat(lease()).isEqualTo(lease);
    assertThat(recorded()).isEqualTo(record);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lease.fence", "lease.executionArn"})
  void free_ofALeaseThatIsNotAsItWasRead_leavesItAlone(String changed) {
    heldBy("lost", "2026-11-20T11:00:00Z");
    var seen = lease();
    change(changed);
    var lease = lease();

    assertThat(place.ledger().free(table, seen)).isFalse();

    assertThat(lease()).isEqualTo(lease);
  }

  @Test
  void release_ofARunWhoseExecutionIsGone_closesItsBooks() {
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");

    place.runs().release(table, r.runId());

    assertThat(recorded().status()).isEqualTo("ABORTED");
    assertThat(recorded().error()).contains("Released");
    assertThat(lease()).isEqualTo(new Lease(4, Optional.empty()));
  }

  @Test
  void release_ofAnExecutionThatIsNotTheOneOnRecord_leavesTheRecordAlone() {
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");
    change("lease.executionArn");

    place.runs().release(table, r.runId());

    assertThat(recorded().isOpen()).isTrue();
    assertThat(lease()).isEqualTo(new Lease(4, Optional.empty()));
  }

  @Test
  void stop_ofARunThatIsSettledAndTakenToBeRedrivenMeanwhile_leavesItItsTable() {
    endedAndOpen();
    place.beforeBooks.add(
        () -> {
          record("FAILED", 0);
          free();
          place.ledger().takeToRedrive(recorded(), lease(), 1, Optional.empty(), FakePlace.NOW);
        });

    assertThatThrownBy(() -> place.runs().stop(r.runId()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("is being redriven by somebody else just now");

    assertThat(lease().fence()).isEqualTo(4);
    assertThat(lease().isHeldBy(ARN + r.runId())).isTrue();
  }

  @Test
  void stop_ofARunThatIsSettledMeanwhile_changesNothing() {
    endedAndOpen();
    place.beforeBooks.add(
        () -> {
          record("FAILED", 0);
          free();
        });

    place.runs().stop(r.runId());

    assertThat(lease()).isEqualTo(new Lease(3, Optional.empty()));
  }

  @Test
  void stop_ofARunThatGoesOnAgainMeanwhile_saysThatItKeepsItsTable() {
    endedAndOpen();
    place.beforeBooks.add(() -> place.has(r, RunStatus.RUNNING, 1));

    assertThatThrownBy(() -> place.runs().stop(r.runId()))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("goes on again, or was redriven just now");

    assertThat(lease().isHeldBy(ARN + r.runId())).isTrue();
    assertThat(recorded().isOpen()).isTrue();
  }

  /** What comes next is done after the run was looked at, and before its books are closed. */
  private void endedAndOpen() {
    place.has(r, RunStatus.FAILED, 0);
    record("RUNNING", 0);
    heldBy(r.runId(), "2026-11-20T11:00:00Z");
    place.beforeBooks.add(() -> {});
  }
}
