package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.migration.Item;
import dev.godwit.run.Guard;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.write.Outcome;
import dev.godwit.worker.write.PlannedWrite;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An answer that lacks what tells "nothing" from "not told", as one of something between here and
 * DynamoDB may: an error, never an empty page, items that are gone or writes that are done.
 */
class DamagedAnswersTest {
  private static final String TABLE =
      "{\"Table\":{\"KeySchema\":[{\"AttributeName\":\"id\",\"KeyType\":\"HASH\"}]}}";
  private static final Item KEY = Item.empty().with("id", "1");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "",
        "\"Items\"",
        "{\"Count\":0}",
        "{\"Items\":null}",
        "{\"Items\":{}}",
        "{\"Items\":[]}{\"Items\":[{\"id\":{\"S\":\"1\"}}]}"
      })
  void scan_isNoEmptyPage(String answer) {
    var pages = answering(answer).segment("Birds", 0, 1, Optional.empty(), pace());

    assertThatThrownBy(() -> pages.read(Optional.empty(), OptionalInt.empty()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        "{\"Responses\":{\"Birds\":[]}}",
        "{\"UnprocessedKeys\":{}}",
        "{\"Responses\":null,\"UnprocessedKeys\":{}}",
        "{\"Responses\":{\"Birds\":[]},\"UnprocessedKeys\":[]}"
      })
  void batchGet_doesNotTakeItemsForGone(String answer) {
    var pages = answering(answer).items("Birds", List.of(KEY), pace());

    assertThatThrownBy(() -> pages.read(Optional.empty(), OptionalInt.empty()))
        .isInstanceOf(UncheckedIOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"UnprocessedItems\":null}", "{\"ConsumedCapacity\":[]}"})
  void batchWrite_doesNotTakeWritesForDone(String answer) {
    var writer =
        answering(answer).changes("Birds", List.of("id"), new Guard.None(), Deadline.NEVER);

    assertThatThrownBy(
            () -> writer.write(List.of(new PlannedWrite.Delete(KEY, PlannedWrite.NOTHING))))
        .isInstanceOf(UncheckedIOException.class);
  }

  @Test
  void refusalThatCannotBeRead_doesNotTakeTheItemForGone() {
    var answers =
        new FakeDynamoDb() {
          @Override
          protected String answer(String operation, JsonNode request) {
            if (operation.equals("DescribeTable")) {
              return TABLE;
            }
            throw new Refused(
                400,
                "{\"__type\":\"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException\","
                    + "\"Item\":{\"id\":{\"S\":\"1\"},\"id\":{\"S\":\"2\"}}}");
          }
        };
    var writer =
        new DynamoDbDatabase(answers.client(), true, PageListener.NONE, new FakeTimer())
            .changes("Birds", List.of("id"), new Guard.ReadSet(), Deadline.NEVER);

    assertThat(writer.write(List.of(new PlannedWrite.Delete(KEY, PlannedWrite.NOTHING))).outcomes())
        .containsExactly(new Outcome.Busy());
  }

  private static Pace pace() {
    return new Pace(new Pacer(OptionalDouble.empty(), new FakeTimer()), Deadline.NEVER);
  }

  private static DynamoDbDatabase answering(String body) {
    var answers =
        new FakeDynamoDb() {
          @Override
          protected String answer(String operation, JsonNode request) {
            return operation.equals("DescribeTable") ? TABLE : body;
          }
        };
    return new DynamoDbDatabase(answers.client(), false, PageListener.NONE, new FakeTimer());
  }
}
