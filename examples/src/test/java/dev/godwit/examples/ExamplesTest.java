package dev.godwit.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.migration.Migration;
import dev.godwit.migration.Migrations;
import org.junit.jupiter.api.Test;

class ExamplesTest {
  @Test
  void examples_areFoundOnTheClassPath() {
    assertThat(Migrations.discover(getClass().getClassLoader()).all())
        .extracting(Migration::id)
        .containsExactly(
            "20261120-city-coordinates",
            "20261120-completed-flag",
            "20261120-updated-at",
            "20261120-users-to-single-table");
  }
}
