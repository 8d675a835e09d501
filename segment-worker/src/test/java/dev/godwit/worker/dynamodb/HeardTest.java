package dev.godwit.worker.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.run.Tally;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.Unanswered;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.slice.TestMigration;
import dev.godwit.worker.slice.TestSlice;
import dev.godwit.worker.slice.TestWorker;
import dev.godwit.worker.wire.JsonService;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who follows a run hears that DynamoDB does nothing, and for how long: whole slices. */
class HeardTest {
  private static final ItemTransform MARK =
      (item, context) -> Change.replace(item.with("done", true));

  private final FakeTimer timer = new FakeTimer();
  private final Unanswered unanswered = new Unanswered(timer::nanos);

  /** What people were told at each try, without how long it had lasted. */
  private final Set<String> told = new LinkedHashSet<>();

  private final List<Duration> toldAt = new ArrayList<>();

  private final PageListener listener =
      new PageListener() {
        @Override
        public void pageDone(int segment, Tally page) {}

        @Override
        public void unanswered(String instead) {
          unanswered.failed(instead);
          unanswered.told().ifPresent(this::tell);
        }

        private void tell(String what) {
          told.add(what.replaceFirst(", for [0-9,]+ s now$", ""));
          toldAt.add(Duration.ofNanos(timer.nanos()));
        }

        @Override
        public void answered() {
          unanswered.over();
        }
      };

  @Test
  void run_serverAnswers503_isToldWithItsCodeFromTenSecondsOnUntilItAnswers() {
    var until = Duration.ofSeconds(40);
    var table = new SlowDynamoDb(3, timer).unavailableUntil(until);

    boolean isWritten = false;
    while (!isWritten) {
      isWritten = isDone(table.client(), MARK);
    }

    assertThat(table.done()).isEqualTo(3);
    assertThat(told).containsExactly("DynamoDB answers HTTP 503 (ServiceUnavailable)");
    assertThat(toldAt)
        .allMatch(at -> at.compareTo(Unanswered.WORTH_TELLING) >= 0 && at.compareTo(until) <= 0);
    assertThat(unanswered.told()).as("over").isEmpty();
  }

  @Test
  void run_eachStatementIsThrottledForMinutes_isToldThoughTheRequestsAreAnswered() {
    var table = new SlowDynamoDb(3, timer).writesThrottledUntil(Duration.ofMinutes(5));

    run(table.client(), MARK);

    assertThat(table.done()).isEqualTo(3);
    assertThat(told).containsExactly("DynamoDB throttles every write");
    assertThat(unanswered.told()).as("over").isEmpty();
  }

  @Test
  void run_nobodyListensThere_isToldWithWhatTheConnectionMet() {
    while (told.isEmpty()) {
      assertThatThrownBy(() -> run(TestClients.of(URI.create("http://127.0.0.1:1")), MARK))
          .isInstanceOf(TableUnavailable.class);
    }

    assertThat(told)
        .singleElement()
        .asString()
        .startsWith("DynamoDB does not answer (")
        .contains("ConnectException");
  }

  @Test
  void run_serverAnswers503AndNothingIsToBeWritten_isOverWhenAPageIsRead() {
    var table = new SlowDynamoDb(3, timer).unavailableUntil(Duration.ofSeconds(40));
    boolean isRead = false;
    while (!isRead) {
      isRead = isDone(table.client(), (item, context) -> Change.keep());
    }

    assertThat(told).isNotEmpty();
    assertThat(unanswered.told()).isEmpty();
  }

  /** Tries once, as the state machine does; answers whether the table did. */
  private boolean isDone(JsonService client, ItemTransform transform) {
    try {
      run(client, transform);
      return true;
    } catch (TableUnavailable e) {
      timer.sleep(Duration.ofSeconds(2));
      return false;
    }
  }

  private void run(JsonService client, ItemTransform transform) {
    try (var database = new DynamoDbDatabase(client, false, listener, timer)) {
      TestWorker.inOneThread(TestMigration.up(transform), database, new InMemoryRecords(), timer)
          .run(TestSlice.of(SlowDynamoDb.TABLE, List.of("id")).failuresAllowed(1));
    }
  }
}
