package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.infra.deployment.DeployedStack.TableSize;
import dev.godwit.infra.deployment.DeploymentEvent.Beginning;
import dev.godwit.infra.deployment.DeploymentEvent.Kind;
import dev.godwit.infra.deployment.DeploymentNote.Phase;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.DeploymentRequest.Step;
import dev.godwit.infra.deployment.RunLedger.Books;
import dev.godwit.infra.deployment.RunLedger.History;
import dev.godwit.infra.deployment.Runs.Run;
import dev.godwit.infra.deployment.Runs.Status;
import dev.godwit.run.KeyChange;
import dev.godwit.run.RunSettings;
import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.MigrationState;
import java.time.Duration;
import java.time.Instant;
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
  private final InMemoryLedger ledger = new InMemoryLedger();
  private final InMemoryNotes notes = new InMemoryNotes();
  private final InMemoryExports exports = new InMemoryExports();
  private final List<String> log = new ArrayList<>();
  private String stackStatus = "UPDATE_IN_PROGRESS";
  private String liveVersion = "7";
  private boolean throttled;
  private final SteppedClock clock = new SteppedClock(NOW);
  private TableSize size =
      new TableSize(1_000, 1_000_000, OptionalDouble.empty(), OptionalDouble.empty());

  private final DeployedStack stack =
      new DeployedStack() {
        @Override
        public String status(String stackId) {
          if (throttled) {
            throw new NotYet("Rate exceeded");
          }
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
      };

  private final DeploymentMigrations migrations =
      new DeploymentMigrations(
          new DeploymentPorts(runs, ledger, notes, exports, stack, clock, log::add));

  // Forward

  @Test
  void update_twoPending_runsOneAfterTheOtherInOrder() {
    var event = update("a", FIRST, SECOND);

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
    before(FIRST);
    before(SECOND);
    var event = update("a", FIRST, SECOND);

    assertThat(migrations.isComplete(event)).isTrue();
    assertThat(runs.started()).isEmpty();
  }

  @Test
  void update_anOlderOneIsPending_isRunBeforeTheNewer() {
    before(SECOND);
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
    ledger.books.put(up("a", FIRST), Books.OPEN);
    end(up("a", FIRST), Status.SUCCEEDED, NOW.minusSeconds(1801));

    assertThatThrownBy(() -> migrations.isComplete(event))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("was not settled within 30 minutes");
  }

  @Test
  void update_historyIsWrittenButTheLeaseNotYetFree_startsTheNextOnlyAfterwards() {
    var event = update("a", FIRST, SECOND);
    migrations.isComplete(event);
    ledger.applied(FIRST, up("a", FIRST));
    ledger.holder = Optional.of(up("a", FIRST));

    assertThat(migrations.isComplete(event)).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));

    ledger.holder = Optional.empty();
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
    ledger.holder = Optional.of("nightly-job");

    assertThatThrownBy(() -> migrations.isComplete(update("a", FIRST)))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("is being migrated by the run nightly-job");
    assertThat(runs.started()).isEmpty();
  }

  @Test
  void update_repeatedByCloudFormation_startsNothingTwice() {
    var event = update("a", FIRST);
    migrations.isComplete(event);
    migrations.isComplete(event);

    assertThat(runs.started()).containsExactly(up("a", FIRST));
    assertThat(notes.read("Cities").current().started()).hasSize(1);
  }

  @Test
  void update_aFailedMigrationInALaterDeployment_isTriedAgainUnderAnotherName() {
    var failed = update("a", FIRST);
    migrations.isComplete(failed);
    end(up("a", FIRST), Status.FAILED, NOW);

    migrations.isComplete(update("b", FIRST));

    assertThat(runs.started()).containsExactly(up("a", FIRST), up("b", FIRST));
  }

  @Test
  void update_whoseBeginningWasLost_isNotedApartFromTheDeploymentBefore() {
    deployed("a", FIRST);
    migrations.isComplete(update("b", FIRST, SECOND));

    var note = notes.read("Cities").current();
    assertThat(note.deployment()).isEqualTo("b");
    assertThat(note.started())
        .extracting(DeploymentNote.Started::migration)
        .containsExactly(SECOND);
  }

  @Test
  void create_likeUpdate_runsWhatIsPending() {
    stackStatus = "CREATE_IN_PROGRESS";

    assertThat(migrations.isComplete(event(Kind.CREATE, "a", Moment.AFTER, true, FIRST))).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void update_beforeTheAliasMoves_isAnnouncedAndStartsNothing() {
    var event = event(Kind.UPDATE, "a", Moment.BEFORE, true, FIRST);

    assertThat(migrations.isComplete(event)).isTrue();
    assertThat(migrations.isComplete(event)).isTrue();
    assertThat(runs.started()).isEmpty();
    var note = notes.read("Cities");
    assertThat(note.announced().orElseThrow().deployment()).isEqualTo("a");
    assertThat(note.release()).isEmpty();

    migrations.isComplete(update("a2", FIRST));
    assertThat(notes.read("Cities").announced()).isEmpty();
    assertThat(notes.read("Cities").current().deployment()).isEqualTo("a2");
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
  void update_longerThanCloudFormationWaits_isRefusedBeforeAnythingStarts() {
    size =
        new TableSize(20_000_000, 20_000_000_000L, OptionalDouble.empty(), OptionalDouble.empty());

    assertThatThrownBy(() -> migrations.isComplete(update("a", FIRST)))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("would take about 84 minutes if 100 % of the items change")
        .hasMessageContaining("waits for 60 minutes at most")
        .hasMessageContaining("\"wait\": false");
    assertThat(runs.started()).isEmpty();
  }

  @Test
  void update_longButNobodyWaits_startsAndLeaves() {
    size =
        new TableSize(20_000_000, 20_000_000_000L, OptionalDouble.empty(), OptionalDouble.empty());
    var event = event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND);

    assertThat(migrations.isComplete(event)).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void update_aHugeTableWithNothingPending_isNotRefused() {
    size = new TableSize(1L << 40, 1L << 50, OptionalDouble.empty(), OptionalDouble.empty());
    before(FIRST);

    assertThat(migrations.isComplete(update("a", FIRST))).isTrue();
  }

  @Test
  void proceed_nobodyWaitedAndTheFirstIsDone_startsTheNext() {
    assertThat(migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND)))
        .isTrue();
    migrations.proceed(List.of("Cities"));
    assertThat(runs.started()).containsExactly(up("a", FIRST));

    applied("a", FIRST);
    migrations.proceed(List.of("Cities"));
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  @Test
  void proceed_aDeploymentThatWaitsOrNone_isLeftAlone() {
    migrations.proceed(List.of("Cities"));
    migrations.isComplete(event(Kind.UPDATE, "a0", Moment.BEFORE, true, FIRST, SECOND));
    migrations.proceed(List.of("Cities"));
    assertThat(runs.started()).isEmpty();

    migrations.isComplete(update("a", FIRST, SECOND));
    applied("a", FIRST);
    migrations.proceed(List.of("Cities"));
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void proceed_rolledBackSince_startsNothing() {
    migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND));
    applied("a", FIRST);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    migrations.isComplete(update("z", FIRST));
    int before = runs.started().size();
    migrations.proceed(List.of("Cities"));

    assertThat(runs.started()).hasSize(before).doesNotContain(up("a", SECOND));
  }

  // Backward

  @Test
  void rollback_whatTheDeploymentApplied_isUndoneInTheOppositeOrder() {
    deployed("a", FIRST, SECOND);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true, FIRST);

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
    before(FIRST);
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
    migrations.isComplete(event);
    ledger.books.put(up("a", FIRST), Books.CLOSED);
    end(up("a", FIRST), Status.FAILED, NOW);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true);
    assertThat(migrations.isComplete(back)).isFalse();
    assertThat(runs.started()).as("its slices may still write").containsExactly(up("a", FIRST));

    clock.pass(Duration.ofSeconds(901));
    assertThat(migrations.isComplete(back)).isFalse();
    assertThat(runs.started()).last().isEqualTo(down("z", FIRST));
  }

  @Test
  void rollback_aRunThatNeverOpened_hasNothingToUndo() {
    var event = update("a", FIRST);
    migrations.isComplete(event);
    end(up("a", FIRST), Status.FAILED, NOW);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    assertThat(migrations.isComplete(event(Kind.UPDATE, "z", Moment.BEFORE, true))).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void rollback_aRunUnderWay_isStoppedThenUndone() {
    var event = update("a", FIRST);
    migrations.isComplete(event);
    ledger.books.put(up("a", FIRST), Books.CLOSED);
    ledger.holder = Optional.of(up("a", FIRST));
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true);

    assertThat(migrations.isComplete(back)).isFalse();
    assertThat(runs.stopped).containsExactly(up("a", FIRST));
    end(up("a", FIRST), Status.FAILED, NOW);
    assertThat(migrations.isComplete(back)).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));

    ledger.holder = Optional.empty();
    migrations.isComplete(back);
    assertThat(runs.started()).as("its slices may still write").containsExactly(up("a", FIRST));
    clock.pass(Duration.ofSeconds(901));
    migrations.isComplete(back);
    assertThat(runs.started()).containsExactly(up("a", FIRST), down("z", FIRST));
  }

  @Test
  void rollback_noDown_leavesItAndSaysSo() {
    var event =
        event(Kind.UPDATE, "a", request(Moment.AFTER, true, List.of(new Step(FIRST, false))));
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
      assertThat(migrations.isComplete(event)).isTrue();
    }
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void update_aMigrationIsNoLongerNamed_isNotUndone() {
    deployed("a", FIRST, SECOND);
    var event = update("b", SECOND);

    assertThat(migrations.isComplete(event)).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  // A release after another

  @Test
  void rollback_theSecondHookWasNeverCalled_leavesTheReleaseBeforeAlone() {
    deployed("a", FIRST);
    migrations.isComplete(event(Kind.UPDATE, "b", Moment.BEFORE, true, FIRST, SECOND));
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true, FIRST);
    assertThat(migrations.isComplete(back)).isTrue();
    assertThat(migrations.isComplete(back)).isTrue();

    assertThat(runs.started()).containsExactly(up("a", FIRST));
    assertThat(notes.read("Cities").announced()).isEmpty();
    assertThat(notes.read("Cities").current().phase()).isEqualTo(Phase.DONE);
  }

  @Test
  void rollback_nothingWasAnnounced_leavesTheReleaseBeforeAlone() {
    deployed("a", FIRST);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    for (Moment moment : Moment.values()) {
      var back = event(Kind.UPDATE, "z" + moment, moment, true, FIRST);
      assertThat(migrations.isComplete(back)).isTrue();
    }
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void rollback_itsOldPropertiesAreNotTheNotes_leavesTheNotesReleaseAlone() {
    // Another rollback, before, was told to skip the hooks: the note has what the stack has not.
    deployed("a", FIRST, SECOND);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back =
        new DeploymentEvent(
            Kind.UPDATE,
            "stack",
            "z",
            update("z", FIRST).request(),
            Optional.of(update("z", FIRST, SECOND, THIRD).request()),
            new Beginning(clock.pass(Duration.ofSeconds(1)), Optional.of(stackStatus)));

    assertThat(migrations.isComplete(back)).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  @Test
  void update_itsPollComesDuringTheRollback_undoesNothing() {
    deployed("a", FIRST);
    var forward =
        new DeploymentEvent(
            Kind.UPDATE,
            "stack",
            "b",
            event(Kind.UPDATE, "b", Moment.BEFORE, true, FIRST, SECOND).request(),
            Optional.of(event(Kind.UPDATE, "a", Moment.BEFORE, true, FIRST).request()),
            new Beginning(clock.pass(Duration.ofSeconds(1)), Optional.of(stackStatus)));
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    assertThat(migrations.isComplete(forward)).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void rollback_itsBeginningWasNotSeen_undoesNothingAndCanBeContinued() {
    deployed("a", FIRST);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var unseen =
        new DeploymentEvent(
            Kind.UPDATE,
            "stack",
            "z",
            event(Kind.UPDATE, "z", Moment.BEFORE, true).request(),
            Optional.empty(),
            new Beginning(clock.pass(Duration.ofSeconds(1)), Optional.empty()));

    assertThatThrownBy(() -> migrations.isComplete(unseen))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("Continue the rollback");
    assertThat(runs.started()).containsExactly(up("a", FIRST));

    assertThat(migrations.isComplete(event(Kind.UPDATE, "y", Moment.BEFORE, true))).isFalse();
    assertThat(runs.started()).last().isEqualTo(down("y", FIRST));
  }

  @Test
  void rollback_itsPollComesDuringTheNextUpdate_startsNothing() {
    deployed("a", FIRST, SECOND);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back = event(Kind.UPDATE, "z", Moment.AFTER, true, FIRST);
    stackStatus = "UPDATE_IN_PROGRESS";

    assertThat(migrations.isComplete(back)).isTrue();
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
    assertThat(notes.read("Cities").current().deployment()).isEqualTo("a");
  }

  @Test
  void update_itsPollComesDuringTheNextDeployment_leavesThatOnesNoteAlone() {
    var late = update("a", FIRST);
    deployed("a", FIRST);
    migrations.isComplete(update("b", FIRST, SECOND));
    var note = notes.read("Cities");

    assertThat(migrations.isComplete(late)).isTrue();
    assertThat(notes.read("Cities")).isEqualTo(note);
  }

  @Test
  void update_anEarlierOneGoesOn_isRefusedByTheFirstHookAndStopsNothing() {
    migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND));
    ledger.holder = Optional.of(up("a", FIRST));
    var next = event(Kind.UPDATE, "b", Moment.BEFORE, false, FIRST, SECOND, THIRD);

    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> migrations.isComplete(next))
          .isInstanceOf(DeploymentFailed.class)
          .hasMessageContaining("which did not wait, has migrations of Cities left to run")
          .hasMessageContaining(up("a", FIRST));
    }
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    assertThat(migrations.isComplete(event(Kind.UPDATE, "z", Moment.BEFORE, false, FIRST, SECOND)))
        .isTrue();

    assertThat(runs.stopped).isEmpty();
    ledger.holder = Optional.empty();
    applied("a", FIRST);
    migrations.proceed(List.of("Cities"));
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  @Test
  void update_theEarlierOneOnlyWaitsForItsTurn_isStartedAndTheLaterRefused() {
    migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND));
    applied("a", FIRST);

    assertThatThrownBy(
            () ->
                migrations.isComplete(event(Kind.UPDATE, "b", Moment.BEFORE, true, FIRST, SECOND)))
        .isInstanceOf(DeploymentFailed.class);
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  @Test
  void update_theEarlierOneFailed_runsWhatItLeft() {
    migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND));
    end(up("a", FIRST), Status.FAILED, NOW);

    assertThat(
            migrations.isComplete(
                event(Kind.UPDATE, "b", Moment.BEFORE, true, FIRST, SECOND, THIRD)))
        .isTrue();
    var next = update("b2", FIRST, SECOND, THIRD);
    for (String id : List.of(FIRST, SECOND, THIRD)) {
      assertThat(migrations.isComplete(next)).isFalse();
      applied("b2", id);
    }
    assertThat(migrations.isComplete(next)).isTrue();
  }

  @Test
  void update_theEarlierOneFailedAndThisIsRefused_goesOnWhenItIsRedriven() {
    migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND));
    end(up("a", FIRST), Status.FAILED, NOW);
    migrations.isComplete(event(Kind.UPDATE, "b", Moment.BEFORE, true, FIRST, SECOND, THIRD));
    ledger.holder = Optional.of("nightly-job");
    assertThatThrownBy(() -> migrations.isComplete(update("b2", FIRST, SECOND, THIRD)))
        .isInstanceOf(DeploymentFailed.class);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    for (Moment moment : Moment.values()) {
      migrations.isComplete(event(Kind.UPDATE, "z" + moment, moment, false, FIRST, SECOND));
    }
    ledger.holder = Optional.empty();

    applied("a", FIRST);
    migrations.proceed(List.of("Cities"));

    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  @Test
  void update_againWithoutARollback_startsUnderAnotherNameAndUndoesBoth() {
    var first = update("a", FIRST, SECOND);
    migrations.isComplete(first);
    applied("a", FIRST);
    migrations.isComplete(first);
    end(up("a", SECOND), Status.FAILED, NOW);
    ledger.books.put(up("a", SECOND), Books.CLOSED);
    assertThatThrownBy(() -> migrations.isComplete(first)).isInstanceOf(DeploymentFailed.class);

    migrations.isComplete(update("b", FIRST, SECOND));

    assertThat(runs.started()).last().isEqualTo(up("b", SECOND));
    assertThat(notes.read("Cities").current().started())
        .extracting(DeploymentNote.Started::runId)
        .containsExactly(up("a", FIRST), up("a", SECOND), up("b", SECOND));
  }

  @Test
  void delete_ofTheHookWhileItsMigrationsGoOn_startsNoMore() {
    migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND));
    stackStatus = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS";
    migrations.isComplete(event(Kind.DELETE, "z", Moment.AFTER, false, FIRST, SECOND));

    applied("a", FIRST);
    migrations.proceed(List.of("Cities"));

    assertThat(runs.started()).containsExactly(up("a", FIRST));
    assertThat(notes.read("Cities").current().phase()).isEqualTo(Phase.LEFT);
  }

  // Runs that end otherwise

  @Test
  void update_itemsFailedInARun_failsAndSaysHowMany() {
    var event = update("a", FIRST, SECOND);
    migrations.isComplete(event);
    end(up("a", FIRST), Status.SUCCEEDED, NOW);
    ledger.books.put(up("a", FIRST), Books.CLOSED);
    ledger.histories.put(FIRST, new History(MigrationState.PARTIAL, up("a", FIRST), 12));

    assertThatThrownBy(() -> migrations.isComplete(event))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("ended well, but 20261101-first is not applied to Cities")
        .hasMessageContaining("it is partial, 12 items were left as they were")
        .hasMessageContaining("godwit report " + up("a", FIRST));
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void update_partialFromAnEarlierRun_isRunAgain() {
    ledger.histories.put(FIRST, new History(MigrationState.PARTIAL, "by-hand", 3));

    assertThat(migrations.isComplete(update("a", FIRST))).isFalse();
    assertThat(runs.started()).containsExactly(up("a", FIRST));
  }

  @Test
  void rollback_undoingLeavesItems_failsAndTriesAgainWhenContinued() {
    deployed("a", FIRST);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true);
    migrations.isComplete(back);
    end(down("z", FIRST), Status.SUCCEEDED, NOW);
    ledger.books.put(down("z", FIRST), Books.CLOSED);
    ledger.histories.put(FIRST, new History(MigrationState.PARTIAL, down("z", FIRST), 2));

    assertThatThrownBy(() -> migrations.isComplete(back))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("left 2 items as they were");
    assertThat(migrations.isComplete(event(Kind.UPDATE, "y", Moment.BEFORE, true))).isFalse();
    assertThat(runs.started()).last().isEqualTo(down("y", FIRST));
  }

  @Test
  void proceed_aRunFailedAndWasRedriven_goesOn() {
    migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND));
    end(up("a", FIRST), Status.FAILED, NOW);
    migrations.proceed(List.of("Cities"));
    assertThat(notes.read("Cities").current().phase()).isEqualTo(Phase.FAILED);
    assertThat(log).last().asString().contains("failed, and those after it were not run");

    applied("a", FIRST);
    migrations.proceed(List.of("Cities"));

    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
    assertThat(notes.read("Cities").current().phase()).isEqualTo(Phase.GOING);
  }

  @Test
  void proceed_stepFunctionsHasForgottenTheFailedRun_doesNotStartItAgain() {
    migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST));
    end(up("a", FIRST), Status.FAILED, NOW);
    migrations.proceed(List.of("Cities"));
    runs.runs.clear();
    migrations.proceed(List.of("Cities"));

    assertThat(runs.runs).isEmpty();
  }

  @Test
  void proceed_theTableIsAnotherRuns_waitsForItsTurn() {
    migrations.isComplete(event(Kind.UPDATE, "a", Moment.AFTER, false, FIRST, SECOND));
    applied("a", FIRST);
    ledger.holder = Optional.of("nightly-job");
    migrations.proceed(List.of("Cities"));
    assertThat(runs.started()).containsExactly(up("a", FIRST));

    ledger.holder = Optional.empty();
    migrations.proceed(List.of("Cities"));
    assertThat(runs.started()).containsExactly(up("a", FIRST), up("a", SECOND));
  }

  // A key change

  private static final Step NEW_KEY =
      new Step(SECOND, false, Optional.of(KeyChange.of("Cities-2", "if-absent", "table")));

  private void exported(Status status) {
    exports.write(
        Optional.empty(),
        ExportRecord.asked(
            "Cities",
            SECOND,
            Optional.empty(),
            new ExportRecord.Location("results", "exports"),
            Optional.empty(),
            NOW,
            "deployment a"));
    var asked = exports.latest("Cities", SECOND);
    exports.states.put(
        asked.orElseThrow().token(),
        ExportRecord.Status.valueOf(
            status == Status.SUCCEEDED
                ? "COMPLETED"
                : status == Status.FAILED ? "FAILED" : "IN_PROGRESS"));
    exports.write(asked, exports.describe(asked.orElseThrow()));
  }

  @Test
  void update_aKeyChange_putsTheItemsIntoTheNewTable() throws JsonProcessingException {
    exported(Status.SUCCEEDED);
    var event = event(Kind.UPDATE, "a", request(Moment.AFTER, true, List.of(NEW_KEY)));
    assertThat(migrations.isComplete(event)).isFalse();

    var request = JSON.readTree(runs.requests.get(up("a", SECOND)));
    assertThat(request.at("/tableName").asText()).isEqualTo("Cities");
    assertThat(request.at("/target/tableName").asText()).isEqualTo("Cities-2");
    assertThat(request.at("/target/put").asText()).isEqualTo("if-absent");
    assertThat(request.at("/source").toString()).contains("scan");
    applied("a", SECOND);
    assertThat(migrations.isComplete(event)).isTrue();
  }

  @Test
  void update_aKeyChangeFromTheExport_takesTheItemsFromThere() throws JsonProcessingException {
    exported(Status.SUCCEEDED);
    var step =
        new Step(
            SECOND, false, Optional.of(KeyChange.of("Cities-2", "replace-older:at", "export")));
    migrations.isComplete(event(Kind.UPDATE, "a", request(Moment.AFTER, true, List.of(step))));

    var request = JSON.readTree(runs.requests.get(up("a", SECOND)));
    assertThat(request.at("/target/attribute").asText()).isEqualTo("at");
    assertThat(request.at("/source").toString())
        .contains("s3://results/exports/")
        .contains("/manifest-summary.json");
  }

  @Test
  void update_aKeyChangeWithoutAnExportThatIsThere_startsNothing() {
    var event = event(Kind.UPDATE, "a", request(Moment.AFTER, true, List.of(NEW_KEY)));
    assertThatThrownBy(() -> migrations.isComplete(event))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining(
            "and there is none. Nothing was started. godwit export --table Cities")
        .hasMessageContaining("--migration " + SECOND);

    exported(Status.RUNNING);
    assertThatThrownBy(
            () ->
                migrations.isComplete(
                    event(Kind.UPDATE, "b", request(Moment.AFTER, true, List.of(NEW_KEY)))))
        .hasMessageContaining("and that is under way.");
    exports.end("Cities", SECOND, ExportRecord.Status.FAILED);
    var latest = exports.latest("Cities", SECOND);
    exports.write(latest, exports.describe(latest.orElseThrow()));
    assertThatThrownBy(
            () ->
                migrations.isComplete(
                    event(Kind.UPDATE, "c", request(Moment.AFTER, true, List.of(NEW_KEY)))))
        .hasMessageContaining("and there is none: The export has failed (S3NoSuchBucket).");
    assertThat(runs.started()).isEmpty();
  }

  @Test
  void update_aKeyChangeWhoseExportIsOfAnEarlierDeployment_startsNothing() {
    exported(Status.SUCCEEDED);
    clock.pass(Duration.ofHours(49));

    assertThatThrownBy(
            () ->
                migrations.isComplete(
                    event(Kind.UPDATE, "a", request(Moment.AFTER, true, List.of(NEW_KEY)))))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("and the last is older than 48 hours. Nothing was started.");
    assertThat(runs.started()).isEmpty();
  }

  @Test
  void update_aKeyChangeOfADeploymentThatTookItsTime_isRun() {
    exported(Status.SUCCEEDED);
    clock.pass(Duration.ofHours(47));

    migrations.isComplete(event(Kind.UPDATE, "a", request(Moment.AFTER, true, List.of(NEW_KEY))));

    assertThat(runs.started()).containsExactly(up("a", SECOND));
  }

  @Test
  void update_aKeyChangeThatIsAppliedElsewhere_isRefused() {
    exported(Status.SUCCEEDED);
    ledger.applied(SECOND, "20261120-tried");
    assertThatThrownBy(
            () ->
                migrations.isComplete(
                    event(Kind.UPDATE, "a", request(Moment.AFTER, true, List.of(NEW_KEY)))))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessage(
            SECOND
                + " was applied by 20261120-tried, which no deployment has started: whether"
                + " Cities-2 of this deployment has its items is not known. If it has, leave out"
                + " keyChange; else give the migration another id.");

    ledger.applied(SECOND, up("z", SECOND));
    ledger.targets.put(up("z", SECOND), "Cities-1");
    assertThatThrownBy(
            () ->
                migrations.isComplete(
                    event(Kind.UPDATE, "b", request(Moment.AFTER, true, List.of(NEW_KEY)))))
        .hasMessageContaining(", which has filled Cities-1: whether Cities-2 of this deployment");

    ledger.targets.put(up("z", SECOND), "Cities-2");
    assertThat(
            migrations.isComplete(
                event(Kind.UPDATE, "c", request(Moment.AFTER, true, List.of(NEW_KEY)))))
        .isTrue();
    assertThat(runs.started()).isEmpty();
  }

  @Test
  void rollback_aKeyChange_countsAsUndoneAndIsRunAgainByTheNextDeployment() {
    exported(Status.SUCCEEDED);
    var going = request(Moment.AFTER, true, List.of(NEW_KEY));
    migrations.isComplete(event(Kind.UPDATE, "a", going));
    applied("a", SECOND);
    assertThat(migrations.isComplete(event(Kind.UPDATE, "a", going))).isTrue();
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    assertThat(migrations.isComplete(event(Kind.DELETE, "z", going))).isTrue();

    assertThat(ledger.history("Cities", SECOND).state()).isEqualTo(MigrationState.UNDONE);
    assertThat(runs.started()).containsExactly(up("a", SECOND));
    assertThat(log).last().asString().contains("counts as undone").contains("Its export stays");
    stackStatus = "UPDATE_IN_PROGRESS";
    assertThat(migrations.isComplete(event(Kind.UPDATE, "b", going))).isFalse();
    assertThat(runs.started()).containsExactly(up("a", SECOND), up("b", SECOND));
  }

  @Test
  void properties_ofAKeyChange_thereAndBack_areTheSame() {
    var request = request(Moment.BEFORE, true, List.of(new Step(FIRST, true), NEW_KEY));

    assertThat(DeploymentRequest.of(request.properties())).isEqualTo(request);
    assertThat(request(Moment.BEFORE, true, List.of(new Step(FIRST, true))).properties())
        .as("of others they are as they were, or CloudFormation would call their hooks")
        .containsEntry("Migrations", "[{\"id\":\"20261101-first\",\"undoable\":true}]");
  }

  // AWS does not answer

  @Test
  void isComplete_awsThrottles_isNotYet() {
    throttled = true;

    assertThat(migrations.isComplete(update("a", FIRST))).isFalse();
    assertThat(log).last().isEqualTo("Not yet: Rate exceeded");
  }

  @Test
  void isComplete_awsRefuses_isNotYetWhilePermissionsMayArriveAndThenSaysWhat() {
    runs.refusal = Optional.of("not authorized to perform: states:DescribeExecution");
    var event = update("a", FIRST);
    assertThat(migrations.isComplete(event)).isFalse();

    clock.pass(Duration.ofSeconds(301));
    assertThatThrownBy(() -> migrations.isComplete(event))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("not authorized to perform: states:DescribeExecution");
  }

  @Test
  void rollback_aRunIsNotedButNotYetToBeSeen_waitsUntilItCannotBeginAnyMore() {
    migrations.isComplete(update("a", FIRST));
    runs.runs.clear();
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    var back = event(Kind.UPDATE, "z", Moment.BEFORE, true);
    assertThat(migrations.isComplete(back)).isFalse();

    clock.pass(Duration.ofSeconds(121));
    assertThat(migrations.isComplete(back)).isTrue();
  }

  @Test
  void rollback_bothHooksAtATime_followTheSameRun() {
    deployed("a", FIRST);
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";

    assertThat(migrations.isComplete(event(Kind.UPDATE, "z", Moment.BEFORE, true))).isFalse();
    assertThat(migrations.isComplete(event(Kind.UPDATE, "y", Moment.AFTER, true))).isFalse();

    assertThat(runs.started()).containsExactly(up("a", FIRST), down("z", FIRST));
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
    for (String id : ids) {
      if (!ledger.history("Cities", id).applied()) {
        migrations.isComplete(event);
        applied(deployment, id);
      }
    }
    assertThat(migrations.isComplete(event)).isTrue();
  }

  /** What the state machines do when a run ends well. */
  private void applied(String deployment, String id) {
    end(up(deployment, id), Status.SUCCEEDED, NOW);
    ledger.books.put(up(deployment, id), Books.CLOSED);
    ledger.applied(id, up(deployment, id));
  }

  private void before(String id) {
    ledger.applied(id, "an-earlier-run");
  }

  private void end(String runId, Status status, Instant at) {
    runs.runs.put(runId, new Run(status, Optional.of(at), "States.TaskFailed"));
  }

  private static String up(String deployment, String id) {
    return RunNames.up(deployment, id);
  }

  private static String down(String deployment, String id) {
    return RunNames.down(deployment, id);
  }

  private DeploymentEvent update(String requestId, String... ids) {
    return event(Kind.UPDATE, requestId, Moment.AFTER, true, ids);
  }

  private DeploymentEvent event(
      Kind kind, String requestId, Moment moment, boolean waits, String... ids) {
    var steps = new ArrayList<Step>();
    for (String id : ids) {
      steps.add(new Step(id, true));
    }
    return event(kind, requestId, request(moment, waits, steps));
  }

  private DeploymentEvent event(Kind kind, String requestId, DeploymentRequest request) {
    return new DeploymentEvent(
        kind,
        "stack",
        requestId,
        request,
        Optional.empty(),
        new Beginning(clock.pass(Duration.ofSeconds(1)), Optional.of(stackStatus)));
  }

  private static DeploymentRequest request(Moment moment, boolean waits, List<Step> steps) {
    return new DeploymentRequest(
        "Cities", steps, waits, 100, RunSettings.DEFAULT, "7", "00ff", moment);
  }
}
