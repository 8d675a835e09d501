package dev.godwit.run.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.run.ledger.ExportRecord.Exported;
import dev.godwit.run.ledger.ExportRecord.Location;
import dev.godwit.run.ledger.ExportRecord.Next;
import dev.godwit.run.ledger.ExportRecord.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ExportRecordTest {
  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00.123Z");
  private static final String ARN = "arn:aws:dynamodb:eu-west-1:123456789012:table/Books/export/01";

  private static ExportRecord asked(Optional<ExportRecord> latest) {
    return ExportRecord.asked(
        "Books",
        "20261126-books-by-isbn",
        latest,
        new Location("ours", "exports"),
        Optional.of(NOON.minusSeconds(60)),
        NOON,
        "ana");
  }

  private static ExportRecord described(Status status) {
    return asked(Optional.empty())
        .described(
            status,
            ARN,
            new Exported(
                Optional.of(NOON),
                OptionalLong.of(7),
                OptionalLong.of(700),
                Optional.of("exports/AWSDynamoDB/01/manifest-summary.json"),
                Optional.of(NOON.plusSeconds(300))),
            status == Status.FAILED ? "no bucket" : "");
  }

  @Test
  void attributes_thereAndBack_areTheSame() {
    for (ExportRecord record :
        new ExportRecord[] {
          asked(Optional.empty()),
          asked(Optional.empty()).refused("off"),
          described(Status.COMPLETED),
          described(Status.FAILED)
        }) {
      var item = new HashMap<String, String>();
      record.attributes().forEach((name, value) -> item.put(name, value.toString()));
      item.put("pk", "TABLE#Books");

      assertThat(ExportRecord.of(item)).isEqualTo(record);
    }
  }

  @Test
  void of_anItemWithoutAToken_isNamed() {
    assertThatThrownBy(() -> ExportRecord.of(Map.of("tableName", "Books")))
        .hasMessage("An export in the ledger has no purpose");
  }

  @Test
  void next_goesByHowTheLatestStands() {
    assertThat(ExportRecord.next(Optional.empty(), NOON)).isEqualTo(Next.ASK_ANEW);
    var asked = Optional.of(asked(Optional.empty()));
    assertThat(ExportRecord.next(asked, NOON.plus(Duration.ofHours(6)))).isEqualTo(Next.ASK_AGAIN);
    assertThat(ExportRecord.next(asked, NOON.plus(Duration.ofHours(8)))).isEqualTo(Next.ASK_ANEW);
    assertThat(ExportRecord.next(Optional.of(described(Status.IN_PROGRESS)), NOON))
        .isEqualTo(Next.FOLLOW);
    var there = described(Status.COMPLETED);
    var end = there.exported().endedAt().orElseThrow();
    assertThat(ExportRecord.next(Optional.of(there), end.plus(Duration.ofHours(24))))
        .isEqualTo(Next.USE);
    assertThat(ExportRecord.next(Optional.of(there), end.plus(Duration.ofHours(25))))
        .isEqualTo(Next.ASK_ANEW);
    assertThat(ExportRecord.next(Optional.of(described(Status.FAILED)), NOON))
        .isEqualTo(Next.ASK_ANEW);
  }

  @Test
  void asked_afterOneThatBegan_hasTheNextNumberAndAnotherTokenAlways() {
    var failed = described(Status.FAILED);
    var refused = asked(Optional.empty()).refused("off");

    assertThat(asked(Optional.of(failed)).number()).isEqualTo(2);
    assertThat(asked(Optional.of(failed)).key())
        .isEqualTo(new LedgerKey("TABLE#Books", "EXPORT#20261126-books-by-isbn#000002"));
    assertThat(asked(Optional.of(refused)).number()).isEqualTo(1);
    assertThat(asked(Optional.of(refused)).token()).isNotEqualTo(refused.token());
  }

  @Test
  void manifest_isThereOnlyOfOneThatIsCompleted() {
    assertThat(described(Status.COMPLETED).manifest())
        .hasValue("s3://ours/exports/AWSDynamoDB/01/manifest-summary.json");
    assertThat(described(Status.IN_PROGRESS).manifest()).isEmpty();
  }
}
