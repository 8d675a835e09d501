package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.run.ledger.ExportRecord;
import dev.godwit.run.ledger.ExportRecord.Location;
import dev.godwit.run.ledger.ExportRecord.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExportBeforeReplacingTest {
  private static final String ID = "20261126-books-by-isbn";
  private static final Location OURS = new Location("results", "exports");

  private final InMemoryExports exports = new InMemoryExports();
  private final InMemoryLedger ledger = new InMemoryLedger();
  private final SteppedClock clock = new SteppedClock(Instant.parse("2026-11-26T12:00:00Z"));
  private final List<String> log = new ArrayList<>();
  private String stackStatus = "UPDATE_IN_PROGRESS";
  private boolean awsRefuses;

  private final ExportBeforeReplacing phase =
      new ExportBeforeReplacing(
          new ExportBeforeReplacing.Ports(
              exports,
              exports,
              ledger,
              stackId -> {
                if (awsRefuses) {
                  throw new AwsRefused("not authorized", new IllegalStateException());
                }
                return stackStatus;
              },
              clock,
              log::add));

  private ExportEvent event(String requestId, boolean begins) {
    return new ExportEvent(
        false,
        "stack",
        requestId,
        clock.instant(),
        new ExportEvent.Request("Books", "arn:Books", ID, OURS, begins));
  }

  private Optional<ExportRecord> latest() {
    return exports.latest("Books", ID);
  }

  private void madeByACiScript() {
    exports.write(
        Optional.empty(),
        ExportRecord.asked(
            "Books", ID, Optional.empty(), OURS, Optional.empty(), clock.instant(), "ci"));
    var asked = latest();
    exports.states.put(asked.orElseThrow().token(), Status.IN_PROGRESS);
    exports.write(asked, exports.describe(asked.orElseThrow()));
  }

  @Test
  void first_noExport_beginsOneAndWaitsForIt() {
    var event = event("a", true);
    assertThat(phase.isComplete(event)).isFalse();
    assertThat(phase.isComplete(event)).isFalse();
    assertThat(latest().orElseThrow().by()).isEqualTo("deployment a");

    exports.end("Books", ID, Status.COMPLETED);

    assertThat(phase.isComplete(event)).isTrue();
    assertThat(exports.asked).hasSize(1);
    assertThat(latest().flatMap(ExportRecord::manifest)).isPresent();
  }

  @Test
  void second_anExportIsThere_isFoundAndNotRepeated() {
    first_noExport_beginsOneAndWaitsForIt();

    assertThat(phase.isComplete(event("b", true))).isTrue();
    assertThat(phase.isComplete(event("c", false))).isTrue();

    assertThat(exports.asked).hasSize(1);
    assertThat(log).last().asString().startsWith("Found: arn:");
  }

  @Test
  void first_aCiScriptHasBegunIt_isWaitedForToo() {
    madeByACiScript();
    var event = event("a", false);
    assertThat(phase.isComplete(event)).isFalse();

    exports.end("Books", ID, Status.COMPLETED);

    assertThat(phase.isComplete(event)).isTrue();
    assertThat(exports.asked).isEmpty();
  }

  @Test
  void first_mayBeginNoneAndThereIsNone_stopsTheDeployment() {
    assertThatThrownBy(() -> phase.isComplete(event("a", false)))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessage(
            "The key of Books is not changed, and nothing has been replaced: there is no export of"
                + " it, and this deployment is to begin none: godwit export --table Books"
                + " --point-in-time --migration "
                + ID
                + ".");
    assertThat(exports.asked).isEmpty();
  }

  @Test
  void first_itsExportFails_stopsTheDeploymentAndTheNextBeginsAnother() {
    var event = event("a", true);
    phase.isComplete(event);
    exports.end("Books", ID, Status.FAILED);

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> phase.isComplete(event))
          .isInstanceOf(DeploymentFailed.class)
          .hasMessageContaining(
              "nothing has been replaced: The export has failed (S3NoSuchBucket)");
    }
    assertThat(exports.asked).hasSize(1);

    assertThat(phase.isComplete(event("b", true))).isFalse();
    assertThat(latest().orElseThrow().number()).isEqualTo(2);
    assertThat(exports.asked).hasSize(2);
  }

  @Test
  void first_itsExportTakesLongerThanCloudFormationWaits_stopsAndIsFoundByTheNext() {
    var event = event("a", true);
    phase.isComplete(event);
    clock.pass(Duration.ofMinutes(56));

    assertThatThrownBy(() -> phase.isComplete(event))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("nothing has been replaced: its export is still under way (arn:")
        .hasMessageContaining("it is found, and not repeated");
    clock.pass(Duration.ofHours(3));
    var next = event("b", true);
    assertThat(phase.isComplete(next)).isFalse();
    exports.end("Books", ID, Status.COMPLETED);

    assertThat(phase.isComplete(next)).isTrue();
    assertThat(exports.asked).hasSize(1);
  }

  @Test
  void first_dynamoDbRefuses_stopsTheDeploymentAndLeavesTheWayFree() {
    exports.refusal = Optional.of(refused("Point-in-time recovery is off", false));
    assertThatThrownBy(() -> phase.isComplete(event("a", true)))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageEndingWith("nothing has been replaced: Point-in-time recovery is off.");

    exports.refusal = Optional.empty();
    assertThat(phase.isComplete(event("b", true))).isFalse();
    assertThat(exports.asked.get(0)).isNotEqualTo(exports.asked.get(1));
  }

  @Test
  void first_permissionsAreOnTheirWay_asksAgainUnderTheSameTokenForFiveMinutes() {
    exports.refusal = Optional.of(refused("not authorized", true));
    var event = event("a", true);
    assertThat(phase.isComplete(event)).isFalse();
    assertThat(phase.isComplete(event)).isFalse();
    assertThat(exports.asked.stream().distinct()).hasSize(1);

    clock.pass(Duration.ofMinutes(6));
    assertThatThrownBy(() -> phase.isComplete(event))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("not authorized");
  }

  @Test
  void first_theAnswerIsLost_asksAgainUnderTheSameToken() {
    exports.losesAnswer = true;
    var event = event("a", true);
    assertThat(phase.isComplete(event)).isFalse();
    assertThat(phase.isComplete(event)).isFalse();

    assertThat(exports.asked).hasSize(2);
    assertThat(exports.states).hasSize(1);
  }

  @Test
  void second_theItemsWereTakenOverLongAgo_asksForNothing() {
    ledger.applied(ID, RunNames.up("z", ID));

    assertThat(phase.isComplete(event("a", true))).isTrue();
    assertThat(exports.asked).isEmpty();
  }

  @Test
  void first_somebodyHasRunTheMigrationByHand_exportsAllTheSame() {
    ledger.applied(ID, "20261120-tried");

    assertThat(phase.isComplete(event("a", true))).isFalse();
    assertThat(exports.asked).hasSize(1);
  }

  @Test
  void second_theExportIsOlderThanADay_beginsAnotherOrSaysSo() {
    first_noExport_beginsOneAndWaitsForIt();
    clock.pass(Duration.ofHours(25));

    assertThatThrownBy(() -> phase.isComplete(event("b", false)))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining(
            "its export is older than 24 hours, and this deployment is to begin none: godwit export"
                + " --table Books --point-in-time --migration "
                + ID);
    assertThat(phase.isComplete(event("c", true))).isFalse();
    assertThat(latest().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void first_theExportEndedLongAgoUnseen_beginsAnother() {
    madeByACiScript();
    exports.end("Books", ID, Status.COMPLETED);
    clock.pass(Duration.ofHours(25));

    assertThat(phase.isComplete(event("a", true))).isFalse();
    assertThat(latest().orElseThrow().number()).isEqualTo(2);
  }

  @Test
  void rollbackOrDelete_doesNothing() {
    stackStatus = "UPDATE_ROLLBACK_IN_PROGRESS";
    assertThat(phase.isComplete(event("a", true))).isTrue();
    stackStatus = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS";
    assertThat(
            phase.isComplete(
                new ExportEvent(true, "stack", "b", clock.instant(), event("b", true).request())))
        .isTrue();

    assertThat(exports.asked).isEmpty();
    assertThat(latest()).isEmpty();
  }

  @Test
  void first_awsRefusesToTellTheStacksStatus_isNotYetAndThenSaysWhat() {
    awsRefuses = true;
    var event = event("a", true);
    assertThat(phase.isComplete(event)).isFalse();
    clock.pass(Duration.ofMinutes(6));

    assertThatThrownBy(() -> phase.isComplete(event))
        .isInstanceOf(DeploymentFailed.class)
        .hasMessageContaining("AWS refuses what its export needs: not authorized");
  }

  @Test
  void properties_thereAndBack_areTheSame() {
    Map<String, Object> event =
        Map.of(
            "RequestType", "Update",
            "StackId", "stack",
            "RequestId", "a",
            "ResourceProperties",
                ExportHandler.properties("Books", "arn:Books", ID, "results", "exports", true));

    assertThat(ExportEvent.of(event, clock.instant())).isEqualTo(event("a", true));
  }

  private static TableExports.Refused refused(String why, boolean isPermission) {
    return new TableExports.Refused(why, isPermission, new IllegalStateException());
  }
}
