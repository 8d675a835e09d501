package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.ExportRecord.Exported;
import dev.godwit.run.ledger.ExportRecord.Location;
import dev.godwit.run.ledger.ExportRecord.Status;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The fake of the other tests, and a ledger, keep the same conditions. */
class DynamoDbExportNotesTest {
  private static final LocalDynamoDb SERVER = LocalDynamoDb.inMemory();
  private static final DynamoDbClient CLIENT = SERVER.client();
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  @BeforeAll
  static void makeLedger() {
    LedgerTable.create(CLIENT, "godwit-ledger");
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    SERVER.close();
  }

  @Test
  void notes_inMemory_holdTheLatest() {
    check(new InMemoryExports());
  }

  @Test
  void notes_inALedger_holdTheLatest() {
    check(new DynamoDbExportNotes(CLIENT, "godwit-ledger", new AwsCalls(Clock.systemUTC())));
  }

  private static ExportRecord asked(Optional<ExportRecord> latest) {
    return ExportRecord.asked(
        "Books",
        "20261126-by-isbn",
        latest,
        new Location("results", "exports"),
        Optional.empty(),
        NOON,
        "deployment a");
  }

  private static void check(ExportNotes notes) {
    assertThat(notes.latest("Books", "20261126-by-isbn")).isEmpty();
    var first = asked(Optional.empty());
    notes.write(Optional.empty(), first);
    assertThat(notes.latest("Books", "20261126-by-isbn")).hasValue(first);
    assertThatThrownBy(() -> notes.write(Optional.empty(), asked(Optional.empty())))
        .as("two who ask at the same moment")
        .isInstanceOf(NoteChanged.class);

    var refused = first.refused("off");
    notes.write(Optional.of(first), refused);
    assertThatThrownBy(() -> notes.write(Optional.of(first), refused))
        .isInstanceOf(NoteChanged.class);
    var again = asked(Optional.of(refused));
    notes.write(Optional.of(refused), again);
    var failed = again.described(Status.FAILED, "arn:1", Exported.NOTHING, "no bucket");
    notes.write(Optional.of(again), failed);
    var second = asked(Optional.of(failed));
    notes.write(Optional.of(failed), second);

    assertThat(notes.latest("Books", "20261126-by-isbn")).hasValue(second);
    assertThat(second.number()).isEqualTo(2);
    assertThat(notes.latest("Books", "20261126-by")).as("of a shorter name").isEmpty();
    assertThat(notes.latest("Books-2", "20261126-by-isbn")).isEmpty();
  }
}
