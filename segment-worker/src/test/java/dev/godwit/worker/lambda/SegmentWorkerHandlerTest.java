package dev.godwit.worker.lambda;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.migration.Change;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.slice.TestMigration;
import dev.godwit.worker.source.NoSourceFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SegmentWorkerHandlerTest {
  private final SegmentWorkerHandler handler =
      new SegmentWorkerHandler(
          new WorkerSettings(
              TestMigration.up((item, context) -> Change.keep()).alone(),
              new InMemoryDatabase(),
              RateSource.NONE,
              new InMemoryRecords(),
              NoSourceFiles.NONE,
              8,
              1,
              PageListener.NONE));

  /** By this very name the state machines know that trying again is no help. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{} | it has no runId", "{\"runId\": | This is not a slice request"})
  void handle_whatIsNoSliceRequest_isABadSliceRequest(String event, String message) {
    var input = new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> handler.handle(input, new ByteArrayOutputStream(), () -> 60_000))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining(message);
  }

  @Test
  void warm_classCannotBeLoaded_startsAllTheSame() {
    assertThatCode(
            () ->
                SegmentWorkerHandler.warm(
                    () -> {
                      throw new NoClassDefFoundError("some/Class");
                    }))
        .doesNotThrowAnyException();
  }
}
