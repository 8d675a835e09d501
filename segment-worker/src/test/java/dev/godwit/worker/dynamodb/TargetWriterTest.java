package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import dev.godwit.migration.Target;
import dev.godwit.worker.TableRefused;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.TargetTable;
import dev.godwit.worker.write.TargetWriterContract;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract against DynamoDB Local, and against answers that only the real service gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TargetWriterTest extends TargetWriterContract {
  private final AnsweringAsTheService answers = AnsweringAsTheService.whenTold();
  private LocalDynamoDb server;
  private DynamoDbDatabase database;
  private LocalTable table;

  /** Whether there is to be no PartiQL. */
  boolean writesOneByOne() {
    return false;
  }

  @BeforeAll
  void start() {
    server = LocalDynamoDb.inMemory();
    database = new DynamoDbDatabase(TestClients.of(server, answers), writesOneByOne());
    table = LocalTable.create(server, table(), KEYS);
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
  protected TargetTable target(Target target) {
    return database.target(target, Deadline.NEVER);
  }

  @Override
  protected void store(Item item) {
    table.put(item);
  }

  @Override
  protected Optional<Item> stored(Item item) {
    return table.get(item);
  }

  @Test
  void put_statementsNotUnderstood_isPutInAnotherWayWhereNothingIs() {
    answers.always(ServiceAnswer.STATEMENT_NOT_UNDERSTOOD);
    store(item("not understood").with("there", true));

    var written =
        write(target(Target.table(table())).writer(), item("not understood"), item("nor this"));

    assertThat(written)
        .containsExactly(
            new Outcome.Conflict(Optional.of(item("not understood").with("there", true))),
            new Outcome.Written());
    assertThat(stored(item("nor this"))).contains(item("nor this"));
  }

  @Test
  void target_thatIsNotThere_isRefusedByName() {
    assertThatThrownBy(() -> target(Target.table("Nowhere")))
        .isInstanceOf(TableRefused.class)
        .hasMessageContaining("Nowhere");
  }
}
