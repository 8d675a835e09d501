package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.godwit.dynamodblocal.LocalDynamoDb;
import dev.godwit.migration.Item;
import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.Pace;
import dev.godwit.worker.pace.Pacer;
import dev.godwit.worker.pace.SliceDeadline;
import dev.godwit.worker.page.Page;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyedPagesTest {
  /** Some more than are tried when nothing comes at all. */
  private static final int KEYS = 30;

  private static final Duration SLICE = Duration.ofMinutes(4);

  private final FakeTimer timer = new FakeTimer();

  @Test
  void read_keysLeftForSize_areAskedForAgainAndAreNoThrottling() {
    try (var server = LocalDynamoDb.inMemory();
        var answers = AnsweringAsTheService.whenTold();
        var database = new DynamoDbDatabase(TestClients.of(server, answers), false)) {
      var table = LocalTable.create(server, "Large", "id");
      keys(KEYS).forEach(key -> table.put(key.with("large", "x".repeat(380_000))));
      answers.always(ServiceAnswer.KEYS_LEFT_FOR_SIZE);

      var page = read(database);

      assertThat(page.items()).hasSize(KEYS);
      assertThat(page.tally().count(Counter.THROTTLES)).isZero();
      assertThat(answers.takeAsked()).hasSize(KEYS / 2);
    }
  }

  @Test
  void read_smallItemsOneAtATime_countsThrottlesAndGoesOnAsLongAsSomeCome() {
    var asked = new ArrayList<Integer>();
    var page = read(answering(keys -> asked.add(keys) && asked.size() % 2 == 1 ? 1 : 0));

    assertThat(page.items()).hasSize(KEYS);
    assertThat(page.throttles()).isEqualTo(Tally.of(Counter.THROTTLES, KEYS));
    assertThat(asked).as("fewer, when it is throttled").startsWith(KEYS, 1).hasSize(2 * KEYS - 1);
  }

  @Test
  void read_nothingComesForAsLongAsTheSliceHas_endsTheSlice() {
    assertThatThrownBy(() -> read(answering(keys -> 0)))
        .isInstanceOf(TableUnavailable.class)
        .hasMessageContaining("for as long as the slice had");
    assertThat(Duration.ofNanos(timer.nanos())).isEqualTo(SLICE);
  }

  /** A table that answers so many of the keys asked for, for a unit each, and leaves the others. */
  private DynamoDbDatabase answering(IntUnaryOperator some) {
    var table =
        new FakeDynamoDb() {
          @Override
          protected String answer(String operation, JsonNode request) {
            var asked = request.at("/RequestItems/Large/Keys");
            int each = some.applyAsInt(asked.size());
            var found = new StringBuilder();
            var left = new StringBuilder();
            for (int i = 0; i < asked.size(); i++) {
              var list = i < each ? found : left;
              list.append(list.isEmpty() ? "" : ",").append(asked.get(i));
            }
            return "{\"Responses\":{\"Large\":["
                + found
                + "]},\"UnprocessedKeys\":"
                + (left.isEmpty() ? "{}" : "{\"Large\":{\"Keys\":[" + left + "]}}")
                + ",\"ConsumedCapacity\":[{\"CapacityUnits\":"
                + each
                + "}]}";
          }
        };
    return new DynamoDbDatabase(table.client(), false, PageListener.NONE, timer);
  }

  private Page read(DynamoDbDatabase database) {
    return database
        .items(
            "Large",
            keys(KEYS),
            new Pace(
                new Pacer(OptionalDouble.empty(), timer),
                new SliceDeadline(SLICE, timer::nanos, () -> Long.MAX_VALUE)))
        .read(Optional.empty(), OptionalInt.empty())
        .orElseThrow();
  }

  private static List<Item> keys(int count) {
    return IntStream.range(0, count).mapToObj(i -> Item.empty().with("id", "item " + i)).toList();
  }
}
