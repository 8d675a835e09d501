package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.infra.deployment.DeploymentMigrations.Event;
import dev.godwit.infra.deployment.DeploymentMigrations.Kind;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.DeploymentRequest.Step;
import dev.godwit.infra.deployment.Runs.Run;
import dev.godwit.infra.deployment.Runs.Status;
import dev.godwit.infra.deployment.Surroundings.TableSize;
import dev.godwit.run.RunSettings;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class DeploymentMigrationsTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FIRST = "20261101-first";
  private static final String SECOND = "20261102-second";
  private static final String THIRD = "20261103-third";
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

  private final InMemoryRuns runs = new InMemoryRuns();
  private final InMemoryBooks books = new InMemoryBooks();
  private final List<String> log = new ArrayList<>();
  private String stackStatus = "UPDATE_IN_PROGRESS";
  private String liveVersion = "7";
  private TableSize size =
      new TableSize(1_000, 1_000_000, OptionalDouble.empty(), OptionalDouble.empty());

  private final DeploymentMigrations migrations =
      new DeploymentMigrations(
          runs,
          books,
          new Surroundings() {
            @Override
            public String stackStatus(String stackId) {
              return stackStatus;
            }

            @Override
            public String liveWorkerVersion() {
              return liveVersion;
            }

            @Override
            public TableSize tableSize(String tableName) {
              return size;
            }
          },
          Clock.fixed(NOW, ZoneOffset.UTC),
          log::add);

  // Forward

  @Test
  void update_twoPending_runsOneAfterTheOtherInOrder() {
    var event = update("a", FIRST, SECOND);
    migrations.begin(event);
    assertThat(runs.started()).isEmpty();

    assertThat(migrations.isComplete(event)).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
    assertThat(migrations.isComplete(event)).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));

    applied("a", FIRST);
    assertThat(migrations.isComplete(event)).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));

    applied("a", SECOND);
    assertThat(migrations.isComplete(event)).isTrue();
  }

  @Test
  void update_appliedOnes_areNeverRunAgain() {
    books.applied.addAll(List.of(FIRST, SECOND));
    var event = update("a", FIRST, SECOND);
    migrations.begin(event);

    assertThat(migrations.isComplete(event)).isTrue();
    assertThat(runs.started()).isEmpty();
  }

  @Test
  void update_anOlderOneIsPending_isRunBeforeTheNewer() {
    books.applied.add(SECOND);
    var event = update("a", FIRST, SECOND, THIRD);

    migrations.isComplete(event);

    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void update_succeededButNotYetInTheHistory_waits() {
    var event = update("a", FIRST, SECOND);
    migrations.isComplete(event);
    end(up("a", FIRST), Status.SUCCEEDED, NOW.minusSeconds(60));

    assertThat(migrations.isComplete(event)).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void update_succeededButNeverSettled_failsAndSaysWhereToLook() {
    var event = update("a", FIRST);
    migrations.isComplete(event);
    end(up("a", FIRST), Status.SUCCEEDED, NOW.minusSeconds(601));

    assertThatThrownBy(() -> migrations.isComplete(event))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("was not settled within 10 minutes");
  }

  @Test
  void update_historyIsWrittenButTheLeaseNotYetFree_startsTheNextOnlyAfterwards() {
    var event = update("a", FIRST, SECOND);
    migrations.isComplete(event);
    books.applied.add(FIRST);
    books.holder = Optional.of(up("a", FIRST));

    assertThat(migrations.isComplete(event)).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));

    books.holder = Optional.empty();
    migrations.isComplete(event);
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  @Test
  void update_oneFails_failsTheDeploymentAndRunsNoneAfterIt() {
    var event = update("a", FIRST, SECOND);
    migrations.isComplete(event);
    runs.runs.put(
        up("a", FIRST),
        new Run(Status.FAILED, Optional.of(NOW), "dev.godwit.worker.ItemFailuresExceeded: 12"));

    assertThatThrownBy(() -> migrations.isComplete(event))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessage(
            "The migration 20261101-first of Cities failed, and those after it were not run:"
                + " dev.godwit.worker.ItemFailuresExceeded: 12. See arn:"
                + up("a", FIRST));
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void update_theTableIsAnotherRuns_failsAndNamesTheHolder() {
    books.holder = Optional.of("nightly-job");

    assertThatThrownBy(() -> migrations.isComplete(update("a", FIRST)))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("is being migrated by the run nightly-job");
    assertThat(runs.started()).isEmpty();
  }

  @Test
  void update_repeatedByCloudFormation_startsNothingTwice() {
    var event = update("a", FIRST);
    migrations.begin(event);
    migrations.isComplete(event);
    migrations.begin(event);
    migrations.isComplete(event);

    assertThat(runs.started()).containsExactly(up("a", FIRST));
    assertThat(books.note("Cities").orElseThrow().started()).hasSize(1);
  }

  @Test
  void update_aFailedMigrationInALaterDeployment_isTriedAgainUnderAnotherName() {
    var failed = update("a", FIRST);
    migrations.isComplete(failed);
    end(up("a", FIRST), Status.FAILED, NOW);

    migrations.begin(update("b", FIRST));
    migrations.isComplete(update("b", FIRST));

    assertThat(runs.started()).containsExactly(up("a", FIRST), up("b", FIRST));
  }

  @Test
  void update_whoseBeginningWasLost_isNotedApartFromTheDeploymentBefore() {
    deployed("a", FIRST);
    migrations.isComplete(update("b", FIRST, SECOND));

    var note = books.note("Cities").orElseThrow();
    assertThat(note.deployment()).isEqualTo("b");
    assertThat(note.started()).extracting(Books.Started::migration).containsExactly(SECOND);
  }

  @Test
  void create_likeUpdate_runsWhatIsPending() {
    stackStatus = "CREATE_IN_PROGRESS";

    assertThat(migrations.isComplete(event(Kind.CREATE, "a", Moment.AFTER, true, FIRST))).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void update_beforeTheAliasMoves_startsNothing() {
    var event = event(Kind.UPDATE, "a", Moment.BEFORE, true, FIRST);
    migrations.begin(event);

    assertThat(migrations.isComplete(event)).isTrue();
    assertThat(runs.started()).isEmpty();
    assertThat(books.notes).isEmpty();
  }

  @Test
  void start_itsRequest_isAWholeRunRequest() throws JsonProcessingException {
    migrations.isComplete(update("a", FIRST));

    var request = JSON.readTree(runs.requests.get(up("a", FIRST)));
    assertThat(request)
        .isEqualTo(
            JSON.readTree(
                """
                {"version": 1, "runId": "%s", "tableName": "Cities", "migration": "20261101-first",
                 "direction": "up", "mode": "apply", "totalSegments": 100, "maxConcurrency": 100,
                 "sliceSeconds": 240, "guard": "read-set", "itemFailuresAllowed": 0,
                 "toleratedFailurePercentage": 0, "parameters": {}}
                """
                    .formatted(up("a", FIRST))));
  }

  @Test
  void runId_aLongMigration_fitsARunIdAndStaysDistinct() {
    String id = "20261120-" + "x".repeat(100);

    assertThat(up("a", id)).hasSize(64).matches("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    assertThat(up("a", id)).isNotEqualTo(up("a", id + "y")).isNotEqualTo(up("b", id));
  }

  // Time

  @Test
  void begin_longerThanCloudFormationWaits_isRefusedBeforeAnythingStarts() {
    size =
        new TableSize(20_000_000, 20_000_000_000L, OptionalDouble.empty(), OptionalDouble.empty());

    assertThatThrownBy(() -> migrations.begin(update("a", FIRST)))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("would take about 84 minutes if 100 % of the items change")
        .hasMessageContaining("waits for 60 minutes at most")
        .hasMessageContaining("\"wait\": false");
    assertThat(runs.started()).isEmpty();
  }

  @Test
  void begin_longButNobodyWaits_startsAndLeaves() {
    size =
        new TableSize(20_000_000, 20_000_000_000L, OptionalDouble.empty(), OptionalDouble.empty());
    var event = event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND);
    migrations.begin(event);

    assertThat(migrations.isComplete(event)).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void begin_aHugeTableWithNothingPending_isNotRefused() {
    size = new TableSize(1L << 40, 1L << 50, OptionalDouble.empty(), OptionalDouble.empty());
    books.applied.add(FIRST);
    migrations.begin(update("a", FIRST));

    assertThat(migrations.isComplete(update("a", FIRST))).isTrue();
  }

  @Test
  void proceed_nobodyWaitedAndTheFirstIsDone_startsTheNext() {
    var event = event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND);
    migrations.begin(event);
    migrations.proceed("Cities");
    assertThat(runs.started()).containsExactly(up("a", FIRST));

    applied("a", FIRST);
    migrations.proceed("Cities");
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  @Test
  void proceed_aDeploymentThatWaitsOrNone_isLeftAlone() {
    migrations.proceed("Cities");
    migrations.begin(update("a", FIRST));
    migrations.proceed("Cities");

    assertThat(runs.started()).isEmpty();
  }

  @Test
  void proceed_rolledBackSince_startsNothing() {
    migrations.begin(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND));
    applied("a", FIRST);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    migrations.isComplete(update("z", FIRST));
    int before = runs.started().size();
    migrations.proceed("Cities");

    assertThat(runs.started()).hasSize(before).doesNotContain(up("a", SECOND));
  }

  // Backward

  @Test
  void rollback_whatTheDeploymentApplied_isUndoneInTheOppositeOrder() {
    deployed("a", FIRST, SECOND);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true, FIRST);
    migrations.begin(back);

    assertThat(migrations.isComplete(back)).isFalse();
    assertThat(runs.started()).last().isEqualTo(down("z", SECOND));
    assertThat(runs.requests.get(down("z", SECOND))).contains("\"direction\":\"down\"");

    end(down("z", SECOND), Status.SUCCEEDED, NOW);
    assertThat(migrations.isComplete(back)).isFalse();
    assertThat(runs.started()).last().isEqualTo(down("z", FIRST));

    end(down("z", FIRST), Status.SUCCEEDED, NOW);
    assertThat(migrations.isComplete(back)).isTrue();
    assertThat(runs.started())
        .containsExactly(up("a", FIRST), up("a", SECOND), down("z", SECOND), down("z", FIRST));

    // The other hook finds nothing left.
    assertThat(migrations.isComplete(event(Kind.UPDATE, "y", Moment.AFTER, true, FIRST))).isTrue();
    assertThat(runs.started()).hasSize(4);
  }

  @Test
  void rollback_whatWasAppliedBefore_staysApplied() {
    books.applied.add(FIRST);
    deployed("a", FIRST, SECOND);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true, FIRST);
    migrations.isComplete(back);
    end(down("z", SECOND), Status.SUCCEEDED, NOW);

    assertThat(migrations.isComplete(back)).isTrue();
    assertThat(runs.started()).containsExactly(up("a", SECOND), down("z", SECOND));
  }

  @Test
  void rollback_aFailedMigration_isUndoneTooBecauseItMayHaveChangedItems() {
    var event = update("a", FIRST);
    migrations.begin(event);
    migrations.isComplete(event);
    books.opened.add(up("a", FIRST));
    end(up("a", FIRST), Status.FAILED, NOW);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    assertThat(migrations.isComplete(event(Kind.UPDATE, "z", Moment.BEFORE, true))).isFalse();
    assertThat(runs.started()).last().isEqualTo(down("z", FIRST));
  }

  @Test
  void rollback_aRunThatNeverOpened_hasNothingToUndo() {
    var event = update("a", FIRST);
    migrations.begin(event);
    migrations.isComplete(event);
    end(up("a", FIRST), Status.FAILED, NOW);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    assertThat(migrations.isComplete(event(Kind.UPDATE, "z", Moment.BEFORE, true))).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void rollback_aRunUnderWay_isStoppedThenUndone() {
    var event = update("a", FIRST);
    migrations.begin(event);
    migrations.isComplete(event);
    books.opened.add(up("a", FIRST));
    books.holder = Optional.of(up("a", FIRST));
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true);

    assertThat(migrations.isComplete(back)).isFalse();
    assertThat(runs.stopped).containsExactly(up("a", FIRST));
    end(up("a", FIRST), Status.FAILED, NOW);
    assertThat(migrations.isComplete(back)).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));

    books.holder = Optional.empty();
    migrations.isComplete(back);
    assertThat(runs.started()).containsExactly(up("a", FIRST), down("z", FIRST));
  }

  @Test
  void rollback_noDown_leavesItAndSaysSo() {
    var event =
        new Event(
            Kind.UPDATE,
            "stack",
            "a",
            request(Moment.AFTER, true, List.of(new Step(FIRST, false))));
    migrations.begin(event);
    migrations.isComplete(event);
    applied("a", FIRST);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    assertThat(migrations.isComplete(event(Kind.UPDATE, "z", Moment.BEFORE, true))).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
    assertThat(log).last().asString().contains("has no down");
  }

  @Test
  void rollback_theWorkerIsReplacedAlready_leavesItAndSaysSo() {
    deployed("a", FIRST);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    liveVersion = "6";

    assertThat(migrations.isComplete(event(Kind.UPDATE, "z", Moment.AFTER, true))).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
    assertThat(log).last().asString().contains("has been replaced already");
  }

  @Test
  void rollback_undoingFails_failsTheRollbackSoThatItCanBeContinued() {
    deployed("a", FIRST);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true);
    migrations.isComplete(back);
    end(down("z", FIRST), Status.FAILED, NOW);

    assertThatThrownBy(() -> migrations.isComplete(back))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("Undoing 20261101-first of Cities failed");

    var again = event(Kind.UPDATE, "y", Moment.BEFORE, true);
    assertThat(migrations.isComplete(again)).isFalse();
    assertThat(runs.started()).last().isEqualTo(down("y", FIRST));
  }

  @Test
  void rollback_ofACreatedStack_undoesWhileItsHookIsDeleted() {
    deployed("a", FIRST);
    stackStatus = "ROLLBACK_IN_PROGRESS";

    assertThat(migrations.isComplete(event(Kind.DELETE, "z", Moment.AFTER, true, FIRST))).isFalse();
    assertThat(runs.started()).last().isEqualTo(down("z", FIRST));
  }

  @Test
  void delete_aWholeStack_startsNothing() {
    deployed("a", FIRST);
    stackStatus = "DELETE_IN_PROGRESS";
    for (Moment moment : Moment.values()) {
      var event = event(Kind.DELETE, "z", moment, true, FIRST, SECOND);
      migrations.begin(event);
      assertThat(migrations.isComplete(event)).isTrue();
    }
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void update_aMigrationIsNoLongerNamed_isNotUndone() {
    deployed("a", FIRST, SECOND);
    var event = update("b", SECOND);
    migrations.begin(event);

    assertThat(migrations.isComplete(event)).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  @Test
  void properties_thereAndBack_areTheSame() {
    var request = request(Moment.BEFORE, true, List.of(new Step(FIRST, true)));

    assertThat(DeploymentRequest.of(request.properties())).isEqualTo(request);
  }

  @Test
  void properties_oneIsMissing_isNamed() {
    assertThatThrownBy(() -> DeploymentRequest.of(java.util.Map.of("TableName", "Cities")))
        .hasMessage("The custom resource has no property Migrations");
  }

  private void deployed(String deployment, String... ids) {
    var event = update(deployment, ids);
    migrations.begin(event);
    for (String id : ids) {
      if (!books.applied.contains(id)) {
        migrations.isComplete(event);
        applied(deployment, id);
      }
    }
    assertThat(migrations.isComplete(event)).isTrue();
  }

  /** What the state machines do when a run ends well. */
  private void applied(String deployment, String id) {
    end(up(deployment, id), Status.SUCCEEDED, NOW);
    books.opened.add(up(deployment, id));
    books.applied.add(id);
  }

  private void end(String runId, Status status, Instant at) {
    runs.runs.put(runId, new Run(status, Optional.of(at), "States.TaskFailed"));
  }

  private static String up(String deployment, String id) {
    return DeploymentMigrations.runId("up", deployment, id);
  }

  private static String down(String deployment, String id) {
    return DeploymentMigrations.runId("down", deployment, id);
  }

  private static Event update(String requestId, String... ids) {
    return event(Kind.UPDATE, requestId, Moment.AFTER, true, ids);
  }

  private static Event event(
      Kind kind, String requestId, Moment moment, boolean waits, String... ids) {
    var steps = new ArrayList<Step>();
    for (String id : ids) {
      steps.add(new Step(id, true));
    }
    return new Event(kind, "stack", requestId, request(moment, waits, steps));
  }

  private static DeploymentRequest request(Moment moment, boolean waits, List<Step> steps) {
    return new DeploymentRequest("Cities", steps, waits, 100, RunSettings.DEFAULT, "7", moment);
  }
}
