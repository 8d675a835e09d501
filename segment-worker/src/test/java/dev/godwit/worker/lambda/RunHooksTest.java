package dev.godwit.worker.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.migration.Change;
import dev.godwit.migration.ItemTransform;
import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import dev.godwit.migration.RunContext;
import dev.godwit.migration.RunHook;
import dev.godwit.worker.BadSliceRequest;
import dev.godwit.worker.HookFailed;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.TransformChanged;
import dev.godwit.worker.code.MigrationCode;
import dev.godwit.worker.memory.InMemoryDatabase;
import dev.godwit.worker.memory.InMemoryRecords;
import dev.godwit.worker.pace.RateSource;
import dev.godwit.worker.source.LocalSourceFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a migration does once for a run is told when the run begins, and done when it is asked. */
class RunHooksTest {
  private final List<RunContext> called = new ArrayList<>();
  private Optional<RunHook> before = Optional.of(called::add);
  private Optional<RunHook> after = Optional.empty();
  private final Migration migration = new Hooked();

  private final class Hooked implements Migration {
    @Override
    public String id() {
      return "20261126-hooked";
    }

    @Override
    public String table() {
      return "Birds";
    }

    @Override
    public String description() {
      return "for tests";
    }

    @Override
    public ItemTransform up() {
      return (item, context) -> Change.keep();
    }

    @Override
    public Optional<ItemTransform> down() {
      return Optional.of(up());
    }

    @Override
    public Optional<RunHook> beforeRun() {
      return before;
    }

    @Override
    public Optional<RunHook> afterRun() {
      return after;
    }
  }

  @Test
  void wake_migrationWithAHook_tellsOfIt() throws IOException {
    assertThat(handled(wake("")).get("hooks")).hasToString("[\"before\"]");
    after = Optional.of(run -> {});
    assertThat(handled(wake("")).get("hooks")).hasToString("[\"before\",\"after\"]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"mode\":\"dry-run\"", "\"mode\":\"verify\"", "\"undo\":\"r0\""})
  void wake_runThatDoesNotApplyTheMigration_tellsOfNone(String what) throws IOException {
    assertThat(handled(wake("," + what)).get("hooks")).isEmpty();
  }

  @Test
  void wake_runDown_tellsOfNone() throws IOException {
    assertThat(handled(wake("").replace("\"up\"", "\"down\"")).get("hooks")).isEmpty();
  }

  @Test
  @SuppressWarnings("NullAway") // user code may do this
  void wake_hookThatCannotBeSaid_isRefused() {
    before = null;

    assertThatThrownBy(() -> handled(wake("")))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessage("Migration 20261126-hooked cannot say what it does before a run: it is null");
  }

  @Test
  void hook_isCalledWithTheRun() throws IOException {
    assertThat(handled(hook("before", digest(), ""))).isEmpty();

    assertThat(called)
        .containsExactly(
            new RunContext(
                "r1",
                "Birds",
                Optional.empty(),
                Instant.parse("2026-11-26T10:00:00Z"),
                Map.of("a", "b")));
  }

  @Test
  void hook_ofARunIntoATarget_isToldOfIt() throws IOException {
    handled(
        hook("before", digest(), ",\"target\":{\"tableName\":\"Birds-2\",\"put\":\"if-absent\"}"));

    assertThat(called)
        .first()
        .extracting(RunContext::targetTable)
        .isEqualTo(Optional.of("Birds-2"));
  }

  @Test
  void hook_thatTheMigrationHasNotAnyMore_doesNothing() throws IOException {
    handled(hook("after", digest(), ""));

    assertThat(called).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"before, No item was read or written", "after, All items are done"})
  void hook_thatThrows_saysWhatThatMeansForTheData(String name, String meaning) {
    RunHook failing =
        run -> {
          throw new IOException("no room");
        };
    before = Optional.of(failing);
    after = before;

    assertThatThrownBy(() -> handled(hook(name, digest(), "")))
        .isInstanceOf(HookFailed.class)
        .hasMessage(
            "Migration 20261126-hooked could not do what it does once "
                + name
                + " the run r1: java.io.IOException: no room. "
                + meaning
                + ". Mend what is named, and redrive the run");
  }

  @Test
  void hook_ofARunWithOtherCode_isRefusedAndNotCalled() {
    assertThatThrownBy(() -> handled(hook("before", "0".repeat(64), "")))
        .isInstanceOf(TransformChanged.class);
    assertThat(called).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"runId", "tableName", "migration", "code", "startedAt", "parameters"})
  void hook_fieldMissing_isRefusedByItsName(String field) {
    assertThatThrownBy(
            () ->
                handled(
                    hook("before", digest(), "")
                        .replaceFirst("\"" + field + "\":(\"[^\"]*\"|\\{[^}]*}),?", "")
                        .replaceFirst(",}$", "}")))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessage("This is not a hook request: it has no " + field);
  }

  @Test
  void hook_unknown_isRefused() {
    assertThatThrownBy(() -> handled(hook("meanwhile", digest(), "")))
        .isInstanceOf(BadSliceRequest.class)
        .hasMessageContaining("hook must be one of [before, after], not \"meanwhile\"");
  }

  private String digest() {
    return new MigrationCode().digest(migration);
  }

  private static String wake(String more) {
    return """
        {"wake":{"runId":"r1","tableName":"Birds","migration":"20261126-hooked","direction":"up"%s}}"""
        .formatted(more);
  }

  private static String hook(String hook, String code, String more) {
    return """
        {"hook":"%s","runId":"r1","tableName":"Birds","migration":"20261126-hooked","code":"%s",\
        "startedAt":"2026-11-26T10:00:00Z","parameters":{"a":"b"}%s}"""
        .formatted(hook, code, more);
  }

  private JsonNode handled(String event) throws IOException {
    var handler =
        new SegmentWorkerHandler(
            new WorkerSettings(
                Migrations.of(List.of(migration)),
                new InMemoryDatabase(),
                RateSource.NONE,
                new InMemoryRecords(),
                new LocalSourceFiles(),
                1,
                1,
                PageListener.NONE));
    var out = new ByteArrayOutputStream();
    handler.handle(
        new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, () -> 60_000);
    return new ObjectMapper().readTree(out.toByteArray());
  }
}
