package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Guard;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.Timer;
import dev.godwit.worker.wire.JsonService;
import dev.godwit.worker.wire.RetriedCalls;
import dev.godwit.worker.write.ChangeWriter;
import dev.godwit.worker.write.ChangeWriterContract;
import dev.godwit.worker.write.ItemLimits;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;

/** The contract against DynamoDB Local, and against answers that only the real service gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DynamoDbChangeWriterContract extends ChangeWriterContract {
  private final boolean oneByOne;
  private final AnsweringAsTheService answers = AnsweringAsTheService.whenTold();
  private LocalDynamoDb server;
  private DynamoDbDatabase database;
  private LocalTable table;

  DynamoDbChangeWriterContract(boolean oneByOne) {
    this.oneByOne = oneByOne;
  }

  @BeforeAll
  void start() {
    server = LocalDynamoDb.inMemory();
    database = new DynamoDbDatabase(TestClients.of(server, answers), oneByOne);
    table = LocalTable.create(server, "Cities", KEYS.toArray(String[]::new));
  }

  @AfterEach
  void answerAsDynamoDbLocal() {
    answers.always();
  }

  @AfterAll
  void stop() {
    database.close();
    answers.close();
    server.close();
  }

  @Override
  protected ChangeWriter writer() {
    return database.changes(table.name(), KEYS, new Guard.ReadSet(), Deadline.NEVER);
  }

  private ChangeWriter writer(WireDynamoDb wire) {
    Supplier<ItemLimits> limits = () -> new ItemLimits(Map.of());
    var single = new SingleChangeWriter(wire, table.name(), KEYS, limits);
    return oneByOne
        ? single
        : new StatementChangeWriter(wire, table.name(), KEYS, single, limits, Timer.SYSTEM);
  }

  /** Calls that have no time to be tried again. */
  private static WireDynamoDb hurried(JsonService client) {
    return new WireDynamoDb(client, new RetriedCalls(Timer.SYSTEM, 10, failure -> {}))
        .until(() -> Duration.ZERO);
  }

  @Override
  protected void store(Item item) {
    table.put(item);
  }

  @Override
  protected void remove(Item item) {
    table.delete(item);
  }

  @Override
  protected Optional<Item> stored(Item item) {
    return table.get(item);
  }

  @Test
  void update_conflictComesWithoutItsItem_isToldWithTheItemAsItIsOrThatItIsGone() {
    answers.always(ServiceAnswer.CONFLICT_WITHOUT_ITEM);
    var scanned = item("NZ", "withheld");
    var now = scanned.with("done", "by somebody else");
    store(now);

    assertThat(write(update(scanned, it -> it.with("done", "by us"))))
        .isEqualTo(new Outcome.Conflict(Optional.of(now)));

    remove(now);
    assertThat(write(update(scanned, it -> it.with("done", "by us"))))
        .isEqualTo(new Outcome.Conflict(Optional.empty()));
  }

  @Test
  void delete_conflictComesWithoutItsItem_isToldWithTheItemAsItIs() {
    answers.always(ServiceAnswer.CONFLICT_WITHOUT_ITEM);
    var now = item("NZ", "withheld from a delete").with("obsolete", false);
    store(now);

    assertThat(write(delete(now.with("obsolete", true), "obsolete")))
        .isEqualTo(new Outcome.Conflict(Optional.of(now)));
  }

  @Test
  void write_statementNotUnderstood_isWrittenInAnotherWayWithTheSameCondition() {
    answers.always(ServiceAnswer.STATEMENT_NOT_UNDERSTOOD);
    var item = item("NZ", "not understood");
    var other = item("NZ", "not understood either");
    store(item);
    store(other.with("done", "by somebody else"));

    assertThat(write(update(item, it -> it.with("done", "by us"))))
        .isEqualTo(new Outcome.Written());
    assertThat(stored(item)).contains(item.with("done", "by us"));
    assertThat(write(update(other, it -> it.with("done", "by us"))))
        .isEqualTo(new Outcome.Conflict(Optional.of(other.with("done", "by somebody else"))));
  }

  @Test
  void write_likeOneThatWasNotUnderstood_isNotTriedAsAStatementAgain() {
    answers.always(ServiceAnswer.STATEMENT_NOT_UNDERSTOOD);
    var one = item("NZ", "like one");
    var another = item("NZ", "like another");
    store(one);
    store(another);
    var writer = writer();
    writer.write(List.of(update(one, it -> it.with("as strange", 1))));
    answers.takeAsked();

    var answer = writer.write(List.of(update(another, it -> it.with("as strange", 2))));

    assertThat(answer.outcomes()).containsExactly(new Outcome.Written());
    assertThat(answers.takeAsked()).containsExactly("UpdateItem");
  }

  @Test
  void write_keysWithAwkwardNames_writesEveryItem() {
    var keys = List.of("#pk", ":sk");
    var awkward = LocalTable.create(server, "Awkward", "#pk:S", ":sk:S");
    var writer = database.changes("Awkward", keys, new Guard.ReadSet(), Deadline.NEVER);
    for (int i = 0; i < 3; i++) {
      awkward.put(Item.empty().with("#pk", "NZ").with(":sk", "" + i).with("n", i));
    }

    var writes =
        awkward.all().stream().map(item -> update(keys, item, it -> it.with("n", 100))).toList();

    for (PlannedWrite write : writes) {
      assertThat(writer.write(List.of(write)).outcomes()).containsExactly(new Outcome.Written());
    }
    assertThat(awkward.all()).allMatch(item -> item.number("n").intValue() == 100);
  }

  @ParameterizedTest
  @EnumSource(names = {"ACCESS_DENIED", "TABLE_NOT_THERE"})
  void write_tableRefused_endsTheSlice(ServiceAnswer refusal) {
    answers.always(refusal);
    var item = item("NZ", "refused");
    store(item);

    assertThatThrownBy(() -> write(update(item, it -> it.with("x", "y"))))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining(table.name());
  }

  @Test
  void write_itemIsBeingWrittenInAnotherRegion_isBusy() {
    answers.always(ServiceAnswer.WRITTEN_IN_ANOTHER_REGION);
    var item = item("NZ", "global");
    store(item);

    try (var client = TestClients.of(server, answers)) {
      for (PlannedWrite write :
          List.of(
              update(item, it -> it.with("x", "y")),
              update(item, it -> it.with("id", "moved")),
              delete(item, "x"))) {
        assertThat(writer(hurried(client)).write(List.of(write)).outcomes())
            .containsExactly(new Outcome.Busy());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TABLE, TABLE_THROTTLES",
    "INDEX, INDEX_THROTTLES",
    "PARTITION, PARTITION_THROTTLES",
    "PARTITION_OF_AN_INDEX, PARTITION_THROTTLES",
    "ACCOUNT, ACCOUNT_THROTTLES",
    "MAXIMUM, MAXIMUM_THROTTLES"
  })
  void write_requestThrottled_isSentAgainAndCountedUnderItsReason(
      ServiceAnswer.ThrottledFor reason, Counter counter) {
    var item = item("NZ", "throttled " + reason);
    store(item);
    answers.refuseOnce(reason.body());

    var answer = writer().write(List.of(update(item, it -> it.with("x", "y"))));

    assertThat(answer.outcomes()).containsExactly(new Outcome.Written());
    assertThat(answer.throttles()).isEqualTo(Tally.of(counter, 1));
  }

  /** BatchStatementError has no reason (API reference; read 2026-11-26), an exception has. */
  @Test
  void write_statementThrottledAndThenItsReasonIsAsked_isCountedUnderBoth() {
    assumeFalse(oneByOne);
    var one = item("NZ", "one");
    var other = item("NZ", "other");
    store(one);
    store(other);
    answers.always(ServiceAnswer.STATEMENT_THROTTLED, ServiceAnswer.UPDATE_THROTTLED_BY_AN_INDEX);

    var answer =
        writer()
            .write(
                List.of(
                    update(one, it -> it.with("x", "y")), update(other, it -> it.with("x", "y"))));

    assertThat(answer.outcomes()).containsOnly(new Outcome.Busy());
    assertThat(answer.throttles())
        .isEqualTo(Tally.of(Counter.THROTTLES, 2).plus(Counter.INDEX_THROTTLES, 1));
    assertThat(stored(one)).contains(one);
  }

  @Test
  void write_statementThrottledButNotWhenItIsSentAlone_isWrittenAndTheOthersAreBusy() {
    assumeFalse(oneByOne);
    var one = item("NZ", "first");
    var other = item("NZ", "second");
    store(one);
    store(other);
    answers.always(ServiceAnswer.STATEMENT_THROTTLED);

    var answer =
        writer()
            .write(
                List.of(
                    update(one, it -> it.with("x", "y")), update(other, it -> it.with("x", "y"))));

    assertThat(answer.outcomes()).containsExactly(new Outcome.Written(), new Outcome.Busy());
    assertThat(stored(one)).contains(one.with("x", "y"));
    assertThat(stored(other)).contains(other);
  }

  @Test
  void move_transactionThrottled_isBusyAndCounted() {
    answers.always(ServiceAnswer.TRANSACTION_THROTTLED);
    var item = item("NZ", "throttled move");
    store(item);

    var answer = writer().write(List.of(update(item, it -> it.with("id", "elsewhere"))));

    assertThat(answer.outcomes()).containsExactly(new Outcome.Busy());
    assertThat(answer.throttles()).isEqualTo(Tally.of(Counter.THROTTLES, 1));
  }

  @Test
  void write_itemThatSpeaksOfThrottling_isNotCountedAsThrottled() {
    var scanned = item("NZ", "speaks");
    store(
        scanned
            .with("Throttling", "ProvisionedThroughputExceededException")
            .with("__type", "x#ThrottlingException"));

    var answer =
        writer()
            .write(
                List.of(
                    update(scanned, it -> it.with("Throttling", "RequestLimitExceeded, \"Index"))));

    assertThat(answer.outcomes().get(0)).isInstanceOf(Outcome.Conflict.class);
    assertThat(answer.throttles()).isEqualTo(Tally.ZERO);
  }

  @Test
  void write_itemWithTheLongestName_isWrittenAndToldInAConflict() {
    answers.always(ServiceAnswer.LONG_NAMES);
    var longName = ServiceAnswer.LONG_NAME;
    store(item("NZ", "named long").with(ServiceAnswer.NAME_FOR_IT, 1).with("done", false));
    var scanned = item("NZ", "named long").with(longName, 1).with("done", false);

    assertThat(write(update(scanned, it -> it.with(longName, 2)))).isEqualTo(new Outcome.Written());
    assertThat(write(update(scanned, it -> it.with(longName, 3))))
        .isEqualTo(new Outcome.Conflict(Optional.of(scanned.with(longName, 2))));
    assertThat(write(update(scanned, it -> it.with("done", it.value(longName)))))
        .isEqualTo(new Outcome.Conflict(Optional.of(scanned.with(longName, 2))));
    assertThat(write(update(scanned, it -> it.with("id", "elsewhere"))))
        .isEqualTo(new Outcome.Conflict(Optional.of(scanned.with(longName, 2))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"read-set", "version:version", "none"})
  void write_attributeIsAnIndexsKey_isForeseenAndRefusedUnderOneName(String guard) {
    var indexed = indexedTable("Indexed" + guard.replace(':', '-'));
    var writer = database.changes(indexed.name(), KEYS, Guard.of(guard), Deadline.NEVER);
    var item = item("NZ", "1").with("age", 1).with("name", "kuaka");
    indexed.put(item);

    assertThat(foreseenAndRefused(writer, update(item, it -> it.with("age", "one"))))
        .isEqualTo("KeyOfWrongType");
    assertThat(foreseenAndRefused(writer, update(item, it -> it.with("name", ""))))
        .isEqualTo("KeyEmpty");
    assertThat(foreseenAndRefused(writer, update(item, it -> it.with("name", "n".repeat(2049)))))
        .isEqualTo("KeyTooLong");
    assertThat(
            foreseenAndRefused(
                writer, update(item, it -> it.with("id", "moved").with("age", "one"))))
        .isEqualTo("KeyOfWrongType");
    assertThat(indexed.all()).containsExactly(item);

    var good = update(item, it -> it.without("age").with("name", "godwit").with("note", ""));
    assertThat(writer.foresee(good)).isEmpty();
    assertThat(writer.write(List.of(good)).outcomes()).containsExactly(new Outcome.Written());
  }

  private LocalTable indexedTable(String name) {
    var index =
        GlobalSecondaryIndex.builder()
            .indexName("by-name-and-age")
            .keySchema(key("name", KeyType.HASH), key("age", KeyType.RANGE))
            .projection(it -> it.projectionType(ProjectionType.ALL))
            .build();
    server
        .client()
        .createTable(
            it ->
                it.tableName(name)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(
                        definition("country", "S"),
                        definition("id", "S"),
                        definition("age", "N"),
                        definition("name", "S"))
                    .keySchema(key("country", KeyType.HASH), key("id", KeyType.RANGE))
                    .globalSecondaryIndexes(index));
    return LocalTable.of(server, name, KEYS.toArray(String[]::new));
  }

  private static AttributeDefinition definition(String name, String type) {
    return AttributeDefinition.builder().attributeName(name).attributeType(type).build();
  }

  private static KeySchemaElement key(String name, KeyType role) {
    return KeySchemaElement.builder().attributeName(name).keyType(role).build();
  }

  @Test
  void write_capacityIsReported_isTakenAndWhatIsLeftOutIsToldApart() {
    answers.always(ServiceAnswer.CAPACITY_OF_STATEMENTS);
    var good = item("NZ", "costs");
    store(good);
    var changed = item("NZ", "costs too");
    store(changed.with("x", "somebody else's"));
    var failing = update(changed, it -> it.with("x", "y"));

    var answer = writer().write(List.of(update(good, it -> it.with("x", "y"))));
    assertThat(answer.units()).isEqualTo(1);
    assertThat(answer.unreported()).isEmpty();

    assertThat(writer().write(List.of(failing)).unreported()).containsExactly(0);

    answers.always(ServiceAnswer.CAPACITY_LEFT_OUT);
    assertThat(writer().write(List.of(update(good.with("x", "y"), it -> it.with("x", "z")))))
        .satisfies(
            silent -> {
              assertThat(silent.outcomes()).containsExactly(new Outcome.Written());
              assertThat(silent.units()).isZero();
              assertThat(silent.unreported()).containsExactly(0);
            });
  }
}
