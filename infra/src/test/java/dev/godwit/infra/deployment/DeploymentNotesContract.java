package dev.godwit.infra.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.godwit.infra.deployment.DeploymentEvent.Beginning;
import dev.godwit.infra.deployment.DeploymentEvent.Kind;
import dev.godwit.infra.deployment.DeploymentNote.Phase;
import dev.godwit.infra.deployment.DeploymentNote.Started;
import dev.godwit.infra.deployment.DeploymentNote.Undo;
import dev.godwit.infra.deployment.DeploymentRequest.Moment;
import dev.godwit.infra.deployment.DeploymentRequest.Step;
import dev.godwit.run.RunSettings;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What holds for notes, wherever they are kept. */
abstract class DeploymentNotesContract {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00.123Z");

  abstract DeploymentNotes notes();

  @Test
  void read_neverWritten_isEmpty() {
    assertThat(notes().read("Cities")).isEqualTo(DeploymentNote.EMPTY);
  }

  @Test
  void write_everythingThatANoteMayHave_isReadBack() {
    var notes = notes();
    var run = new Started("20261101-first", "deploy-up-1", true, NOW, Optional.empty());
    var note =
        DeploymentNote.EMPTY.beginning(event("a"), List.of()).starting(run).with(Phase.FAILED, "!");
    var written = notes.write("Cities", DeploymentNote.EMPTY, note);
    assertThat(written).isEqualTo(note.written());
    assertThat(notes.read("Cities")).isEqualTo(written);

    var announced = notes.write("Cities", written, written.announcing(event("b")));
    assertThat(notes.read("Cities")).isEqualTo(announced);

    var refused =
        notes.write("Cities", announced, announced.announcingNothing().refusing(event("c"), "no"));
    assertThat(notes.read("Cities")).isEqualTo(refused);
    assertThat(refused.announced()).isEmpty();

    var undoing = notes.write("Cities", refused, refused.undoing(run, new Undo("down", NOW)));
    assertThat(notes.read("Cities")).isEqualTo(undoing);
    assertThat(notes.read("Orders")).isEqualTo(DeploymentNote.EMPTY);
  }

  @Test
  void write_somebodyElseWasFaster_changesNothing() {
    var notes = notes();
    var first = DeploymentNote.EMPTY.announcing(event("a"));
    var written = notes.write("Cities", DeploymentNote.EMPTY, first);

    assertThatThrownBy(() -> notes.write("Cities", DeploymentNote.EMPTY, first))
        .isInstanceOf(NoteChanged.class);
    var second = notes.write("Cities", written, written.beginning(event("b"), List.of()));
    assertThatThrownBy(() -> notes.write("Cities", written, written.announcingNothing()))
        .isInstanceOf(NoteChanged.class);
    assertThat(notes.read("Cities")).isEqualTo(second);
  }

  private static DeploymentEvent event(String requestId) {
    var request =
        new DeploymentRequest(
            "Cities",
            List.of(new Step("20261101-first", true)),
            true,
            100,
            RunSettings.DEFAULT,
            "7",
            "00ff",
            Moment.AFTER);
    return new DeploymentEvent(
        Kind.UPDATE,
        "stack",
        requestId,
        request,
        Optional.empty(),
        new Beginning(NOW, Optional.empty()));
  }
}
