package dev.godwit.cli.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.ledger.ByHandEntry;
import dev.godwit.cli.ledger.HistoryByHand;
import dev.godwit.cli.ledger.HistoryByHand.Signature;
import dev.godwit.cli.ledger.HistoryEntry;
import dev.godwit.cli.ledger.Ledger;
import dev.godwit.cli.operate.Commands.Said;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What people do by hand to a table's history, over a real DynamoDB Local. */
class ByHandTest {
  private static final String FIRST = "20261101-first";
  private static final String SECOND = "20261102-second";
  private static final String THIRD = "20261103-third";
  private static final String OLD = "0".repeat(64);
  private static final String NEW = "1".repeat(64);
  private static final Signature ANA =
      new Signature("ana@here", Instant.parse("2026-11-26T06:00:00Z"));
  private static final LocalDynamoDb DYNAMO_DB = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = DYNAMO_DB.client();

  /** One for all tests: what was compiled stays so. */
  @TempDir static Path home;

  private OwnMigrations migrations = new OwnMigrations(Path.of(""));

  @BeforeEach
  void write() {
    OwnMigrations.deleteAll(home.resolve("migrations"));
    OwnMigrations.deleteAll(home.resolve("results"));
    migrations = new OwnMigrations(home.resolve("migrations"));
    migrations.add(FIRST, "Tasks", "first", "1");
    migrations.add(SECOND, "Ta*", "second", "2");
    migrations.add(THIRD, "Tasks", "third", "3");
    migrations.add("20261102-others", "Others", "third", "3");
  }

  @AfterEach
  void deleteTables() {
    for (String name : CLIENT.listTables().tableNames()) {
      CLIENT.deleteTable(delete -> delete.tableName(name));
    }
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    DYNAMO_DB.close();
  }

  private Said godwit(String command, String... more) {
    var all = new ArrayList<>(List.of("--table=Tasks"));
    all.addAll(List.of(more));
    return new Commands(DYNAMO_DB, home).godwit(command, all.toArray(String[]::new));
  }

  private static Ledger ledger() {
    return new Ledger(CLIENT, "godwit-ledger");
  }

  private static void createLedger() {
    DYNAMO_DB.createTable("godwit-ledger", "pk", "sk");
  }

  private static AttributeValue s(String text) {
    return AttributeValue.fromS(text);
  }

  /** As a run leaves it. */
  private static void putHistory(String id, String state, String code) {
    CLIENT.putItem(
        put ->
            put.tableName("godwit-ledger")
                .item(
                    Map.of(
                        "pk", s("TABLE#Tasks"),
                        "sk", s("MIGRATION#" + id),
                        "migration", s(id),
                        "state", s(state),
                        "direction", s("up"),
                        "at", s("2026-11-20T06:00:00.000Z"),
                        "runId", s("r-" + id),
                        "failed", AttributeValue.fromN(state.equals("partial") ? "3" : "0"),
                        "code", s(code))));
  }

  private static void setHolder() {
    CLIENT.putItem(
        put ->
            put.tableName("godwit-ledger")
                .item(
                    Map.of(
                        "pk", s("TABLE#Tasks"),
                        "sk", s("LEASE"),
                        "fence", AttributeValue.fromN("7"),
                        "runId", s("elsewhere"),
                        "executionArn", s("arn:elsewhere"),
                        "since", s("2026-11-26T06:00:00Z"))));
  }

  private static List<String> standings() {
    return ledger().history("Tasks").stream()
        .map(entry -> entry.migration() + " " + entry.state() + " " + entry.runId())
        .sorted()
        .toList();
  }

  private static int items() {
    return CLIENT.scan(scan -> scan.tableName("godwit-ledger")).count();
  }

  // ---- baseline ----

  @Test
  void baseline_whereNothingWasRun_marksAllUpToIt_andTheRestStaysPending() {
    var baseline = godwit("baseline", "--to=" + SECOND);

    assertThat(baseline.exit()).as(baseline.err()).isZero();
    assertThat(baseline.out().lines())
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .matches(
                        FIRST
                            + " is marked as applied to Tasks, code [0-9a-f]{12}; it was pending"),
            line -> assertThat(line).startsWith(SECOND + " is marked as applied"));
    assertThat(baseline.err()).containsPattern("^By \\S+@\\S+, at 20\\S+Z\\.");
    assertThat(standings()).containsExactly(FIRST + " applied ", SECOND + " applied ");
    var info = godwit("info");
    assertThat(info.rows().get(0)).startsWith(FIRST + " | applied | ");
    assertThat(info.rows().get(2)).isEqualTo(THIRD + " | pending");
    assertThat(godwit("validate").exit()).isZero();

    var again = godwit("baseline", "--to=" + SECOND);
    assertThat(again.exit()).isZero();
    assertThat(again.out()).isEmpty();
    assertThat(again.err()).contains("Nothing is pending on Tasks up to " + SECOND).hasLineCount(1);
    assertThat(ledger().byHand("Tasks")).hasSize(2);
  }

  @Test
  void baseline_ofWhatWasPartial_keepsTheEntryAsItWas() {
    createLedger();
    putHistory(FIRST, "partial", OLD);
    putHistory(SECOND, "applied", OLD);

    assertThat(godwit("baseline", "--to=" + SECOND).exit()).isZero();

    assertThat(standings()).containsExactly(FIRST + " applied ", SECOND + " applied r-" + SECOND);
    var entries = ledger().byHand("Tasks");
    assertThat(entries).hasSize(1);
    assertThat(entries.get(0).before())
        .contains(
            new HistoryEntry(
                FIRST, "partial", "r-" + FIRST, "2026-11-20T06:00:00.000Z", 3, Optional.of(OLD)));
    var commands = new Commands(DYNAMO_DB, home);
    var history = commands.looking("history", "--table=Tasks");
    assertThat(history.out())
        .containsPattern(FIRST + " +applied +0 +\\S+Z +by hand")
        .containsPattern(
            FIRST
                + " +baseline, code [0-9a-f]{12} +\\S+Z +\\S+@\\S+ +partial, code 000000000000, 2026-11-20T06:00:00.000Z, by the run r-"
                + FIRST);
    assertThat(commands.looking("history", "--table=Tasks", "--output=json").out().lines().toList())
        .hasSize(3)
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith(
                        "{\"migration\":\"" + FIRST + "\",\"byHand\":\"baseline\",\"by\":\"")
                    .contains(
                        "\"before\":{\"state\":\"partial\",\"runId\":\"r-"
                            + FIRST
                            + "\",\"at\":\"2026-11-20T06:00:00.000Z\",\"failed\":3,\"code\":\""
                            + OLD
                            + "\"}"));
  }

  @Test
  void baseline_andThenARunOfIt_leavesTheEntry() {
    Tasks.fill(DYNAMO_DB, CLIENT, "Tasks", 2);
    assertThat(godwit("baseline", "--to=" + FIRST).exit()).isZero();

    var run = godwit("run", "--local", "--migration=" + FIRST, "--run-id=one", "--segments=1");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(standings()).containsExactly(FIRST + " applied one");
    assertThat(ledger().byHand("Tasks"))
        .extracting(ByHandEntry::action)
        .containsExactly("baseline");
  }

  @Test
  void baseline_dry_saysItAndWritesNothing() {
    var baseline = godwit("baseline", "--to=" + SECOND, "--dry-run");
    assertThat(baseline.exit()).isZero();
    assertThat(baseline.out()).contains(FIRST + " would be marked as applied to Tasks");
    assertThat(CLIENT.listTables().tableNames()).isEmpty();

    assertThat(godwit("baseline", "--to=" + FIRST, "--dry-run", "--output=json").out())
        .startsWith(
            "{\"tableName\":\"Tasks\",\"migration\":\""
                + FIRST
                + "\",\"byHand\":\"baseline\",\"dryRun\":true,\"stateBefore\":\"pending\",\"code\":\"");
  }

  @Test
  void baseline_whatCannotBe_isOneSentence_andNothingIsWritten() {
    var unknown = godwit("baseline", "--to=20261103-thrid");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).startsWith("There is no migration 20261103-thrid").hasLineCount(1);
    var others = godwit("baseline", "--to=20261102-others");
    assertThat(others.exit()).isEqualTo(2);
    assertThat(others.err()).contains("is meant for the table Others, not for Tasks");
    assertThat(CLIENT.listTables().tableNames()).isEmpty();

    createLedger();
    setHolder();
    var held = godwit("baseline", "--to=" + SECOND);
    assertThat(held.exit()).isEqualTo(2);
    assertThat(held.err())
        .startsWith("Nothing was changed. The table Tasks is held by the run elsewhere")
        .contains("'godwit release --table Tasks'")
        .hasLineCount(1);
    assertThat(items()).isEqualTo(1);
  }

  /** Where the SDK finds the endpoint, it may be AWS's for all that is known here. */
  @Test
  void baseline_whereAnotherLedgerMayBeTheRightOne_isRefused() {
    DYNAMO_DB.createTable("godwit-ledger-there", "pk", "sk"); // tags: DynamoDB Local has none
    System.setProperty("aws.endpointUrlDynamoDb", DYNAMO_DB.endpoint().toString());
    try {
      var commands = new Commands(DYNAMO_DB, home);
      var baseline =
          commands.exactly(
              "baseline",
              "--table=Tasks",
              "--to=" + FIRST,
              "--region=us-east-1",
              "--results=" + commands.results(),
              "--migrations=" + commands.migrations());
      assertThat(baseline.exit()).isEqualTo(2);
      assertThat(baseline.err())
          .startsWith("Whether a deployment owns the table Tasks cannot be known")
          .endsWith("Nothing was changed" + System.lineSeparator())
          .hasLineCount(1);
      assertThat(CLIENT.listTables().tableNames()).containsExactly("godwit-ledger-there");
    } finally {
      System.clearProperty("aws.endpointUrlDynamoDb");
    }
  }

  // ---- repair ----

  @Test
  void repair_ofChangedCode_namesOldAndNew_andValidateIsContent() {
    createLedger();
    putHistory(FIRST, "applied", OLD);
    putHistory(SECOND, "applied", OLD);
    putHistory(THIRD, "partial", OLD);
    assertThat(godwit("validate").exit()).isEqualTo(1);

    var one = godwit("repair", "--migration=" + FIRST);
    assertThat(one.exit()).as(one.err()).isZero();
    assertThat(one.out()).matches(FIRST + ": 000000000000 → [0-9a-f]{12} is accepted\\R");
    assertThat(one.err()).startsWith("By ");
    assertThat(godwit("validate").out()).contains(SECOND).doesNotContain(FIRST);
    assertThat(godwit("repair").out()).startsWith(SECOND + ": 000000000000 → ").hasLineCount(1);

    assertThat(godwit("validate").exit()).isZero();
    assertThat(standings()) // of these runs, still
        .containsExactly(
            FIRST + " applied r-" + FIRST,
            SECOND + " applied r-" + SECOND,
            THIRD + " partial r-" + THIRD);
    assertThat(ledger().byHand("Tasks"))
        .extracting(ByHandEntry::action)
        .containsExactly("repair", "repair");
    assertThat(ledger().byHand("Tasks").get(0).before().orElseThrow().code()).contains(OLD);
    var again = godwit("repair");
    assertThat(again.exit()).isZero();
    assertThat(again.err()).contains("No code here is other than was applied").hasLineCount(1);
  }

  @Test
  void repair_dry_orWhatCannotBe_writesNothing() {
    createLedger();
    putHistory(FIRST, "applied", OLD);

    assertThat(godwit("repair", "--dry-run").out())
        .matches(FIRST + ": 000000000000 → [0-9a-f]{12} would be accepted\\R");
    var unknown = godwit("repair", "--migration=20261103-thrid");
    assertThat(unknown.exit()).isEqualTo(2);
    assertThat(unknown.err()).startsWith("There is no migration 20261103-thrid").hasLineCount(1);
    var pending = godwit("repair", "--migration=" + SECOND);
    assertThat(pending.exit()).isEqualTo(2);
    assertThat(pending.err()).contains("is not applied to Tasks").hasLineCount(1);
    setHolder();
    var held = godwit("repair");
    assertThat(held.exit()).isEqualTo(2);
    assertThat(held.err()).contains("held by the run elsewhere").hasLineCount(1);
    assertThat(items()).isEqualTo(2);
    assertThat(ledger().history("Tasks").get(0).code()).contains(OLD);
  }

  // ---- at the same time as others ----

  @Test
  void ledger_byHandWhileARunHoldsTheTable_changesNothing() {
    createLedger();
    putHistory(FIRST, "applied", OLD);
    setHolder();
    var history = ledger().historyByHand("Tasks");

    assertThatThrownBy(() -> history.markApplied(SECOND, NEW, ANA))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("A run has taken the table Tasks");
    assertThatThrownBy(() -> history.acceptCode(FIRST, OLD, NEW, ANA))
        .isInstanceOf(CommandFailed.class);
    assertThat(items()).isEqualTo(2);
    assertThat(ledger().history("Tasks").get(0).code()).contains(OLD);
  }

  @Test
  void ledger_byHandOnWhatIsOtherThanThought_changesNothing() {
    createLedger();
    putHistory(FIRST, "applied", OLD);
    var history = ledger().historyByHand("Tasks");

    assertThat(history.markApplied(FIRST, NEW, ANA)).isFalse();
    assertThat(history.acceptCode(FIRST, NEW, NEW, ANA)).isFalse();
    assertThat(history.acceptCode(SECOND, OLD, NEW, ANA)).isFalse();
    assertThat(items()).isEqualTo(1);
  }

  /** A history's item that somebody changes between its reading and the transaction. */
  @Test
  void ledger_byHandOnAnItemThatHasJustChanged_changesNothing() {
    createLedger();
    putHistory(FIRST, "applied", OLD);
    putHistory(SECOND, "undone", OLD);
    var accepting = historyAfter(() -> putHistory(FIRST, "undone", OLD));
    assertThatThrownBy(() -> accepting.acceptCode(FIRST, OLD, NEW, ANA))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("somebody else has changed the history of " + FIRST);
    var marking = historyAfter(() -> putHistory(SECOND, "partial", OLD));
    assertThatThrownBy(() -> marking.markApplied(SECOND, NEW, ANA))
        .isInstanceOf(CommandFailed.class);
    var first = historyAfter(() -> putHistory(THIRD, "partial", OLD));
    assertThatThrownBy(() -> first.markApplied(THIRD, NEW, ANA)).isInstanceOf(CommandFailed.class);

    assertThat(standings())
        .containsExactly(
            FIRST + " undone r-" + FIRST,
            SECOND + " partial r-" + SECOND,
            THIRD + " partial r-" + THIRD);
    assertThat(items()).isEqualTo(3);
  }

  /** In which {@code others} do something before each transaction. */
  private static HistoryByHand historyAfter(Runnable others) {
    var client =
        (DynamoDbClient)
            Proxy.newProxyInstance(
                DynamoDbClient.class.getClassLoader(),
                new Class<?>[] {DynamoDbClient.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("transactWriteItems")) {
                    others.run();
                  }
                  try {
                    return method.invoke(CLIENT, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new Ledger(client, "godwit-ledger").historyByHand("Tasks");
  }
}
