package dev.godwit.run.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MigrationStateTest {
  @Test
  void isPending_whateverIsNotApplied() {
    assertThat(MigrationState.values())
        .filteredOn(MigrationState::isPending)
        .containsExactly(MigrationState.NONE, MigrationState.PARTIAL, MigrationState.UNDONE);
  }

  @Test
  void of_aWordOfTheHistory_isItsState() {
    assertThat(MigrationState.of(HistoryItem.APPLIED)).isEqualTo(MigrationState.APPLIED);
    assertThat(MigrationState.of(HistoryItem.PARTIAL)).isEqualTo(MigrationState.PARTIAL);
    assertThat(MigrationState.of(HistoryItem.UNDONE)).isEqualTo(MigrationState.UNDONE);
  }

  @Test
  void of_anyOtherWord_isRefused() {
    for (String word : new String[] {"", "Applied", "failed"}) {
      assertThatThrownBy(() -> MigrationState.of(word))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not \"" + word + "\"");
    }
  }
}
