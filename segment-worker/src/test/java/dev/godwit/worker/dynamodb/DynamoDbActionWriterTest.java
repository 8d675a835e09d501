package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Action;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.write.ActionWriter;
import dev.godwit.worker.write.Outcome;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Actions against answers that only the real service gives. */
class DynamoDbActionWriterTest {
  private final AnsweringAsTheService answers = AnsweringAsTheService.whenTold();
  private LocalDynamoDb server;
  private DynamoDbDatabase database;
  private LocalTable birds;
  private LocalTable nests;

  @BeforeEach
  void start() {
    server = LocalDynamoDb.inMemory();
    database = new DynamoDbDatabase(TestClients.of(server, answers), false);
    birds = LocalTable.create(server, "Birds", "id");
    nests = LocalTable.create(server, "Nests", "id");
  }

  @AfterEach
  void stop() {
    database.close();
    answers.close();
    server.close();
  }

  @Test
  void write_allOfOneTablesFail_countsThoseApartFromWhatIsReported() {
    answers.always(ServiceAnswer.CAPACITY_OF_STATEMENTS);
    nests.put(item("1"));
    nests.put(item("2"));

    var answer =
        actions()
            .write(
                List.of(
                    Action.putIfAbsent("Nests", item("1")),
                    Action.putIfAbsent("Birds", item("1")),
                    Action.putIfAbsent("Nests", item("2"))));

    assertThat(answer.outcomes()).containsOnly(new Outcome.Written());
    assertThat(answer.units()).isEqualTo(1);
    assertThat(answer.unreported()).containsExactly(0, 2);
  }

  @Test
  void write_statementsNotUnderstood_putsEachInAnotherWayWhereNothingIs() {
    answers.always(ServiceAnswer.STATEMENT_NOT_UNDERSTOOD);
    birds.put(item("1").with("there", true));

    var answer =
        actions()
            .write(
                List.of(
                    Action.putIfAbsent("Birds", item("1")),
                    Action.putIfAbsent("Birds", item("2"))));

    assertThat(answer.outcomes()).containsOnly(new Outcome.Written());
    assertThat(birds.get(item("1"))).contains(item("1").with("there", true));
    assertThat(birds.get(item("2"))).contains(item("2"));
  }

  @ParameterizedTest
  @EnumSource(names = {"ACCESS_DENIED", "TABLE_NOT_THERE"})
  void write_tableRefused_endsTheSliceAndSaysWhichTable(ServiceAnswer refusal) {
    answers.always(refusal);

    assertThatThrownBy(() -> actions().write(List.of(Action.putIfAbsent("Birds", item("1")))))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("Birds");
  }

  @Test
  void write_statementsThrottled_areBusyAndCountedByTheirCodes() {
    answers.once(ServiceAnswer.STATEMENT_THROTTLED);
    assertThat(actions().write(List.of(Action.putIfAbsent("Birds", item("1")))))
        .satisfies(
            answer -> {
              assertThat(answer.outcomes()).containsExactly(new Outcome.Busy());
              assertThat(answer.throttles()).isEqualTo(Tally.of(Counter.THROTTLES, 1));
            });

    answers.once(ServiceAnswer.STATEMENT_OVER_THE_ACCOUNTS_QUOTA);
    assertThat(actions().write(List.of(Action.putIfAbsent("Birds", item("1")))).throttles())
        .isEqualTo(Tally.of(Counter.ACCOUNT_THROTTLES, 1));
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "STATEMENT_IN_CONFLICT_WITH_A_TRANSACTION",
        "STATEMENT_FAILED_INSIDE",
      })
  void write_statementsInPassingTrouble_areBusy(ServiceAnswer trouble) {
    answers.once(trouble);

    assertThat(actions().write(List.of(Action.putIfAbsent("Birds", item("1")))))
        .satisfies(
            answer -> {
              assertThat(answer.outcomes()).containsExactly(new Outcome.Busy());
              assertThat(answer.throttles()).isEqualTo(Tally.ZERO);
            });
  }

  private ActionWriter actions() {
    return database.actions(Deadline.NEVER);
  }

  private static Item item(String id) {
    return Item.empty().with("id", id);
  }
}
