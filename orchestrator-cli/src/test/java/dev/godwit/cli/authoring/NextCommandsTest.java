package dev.godwit.cli.authoring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NextCommandsTest {
  private static final String ID = "20261126-add-label";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "migrations | ",
        "./migrations | ",
        "other/migrations | --migrations other/migrations",
        "/srv/app-1/migrations | --migrations /srv/app-1/migrations",
        "/srv/our app | --migrations '/srv/our app'",
        "it's | --migrations 'it'\\''s'",
        "-x | --migrations '-x'",
        "~ | --migrations '~'",
      })
  void after_aFolder_isNamedUnlessItIsFoundAnyway(String folder, String option) {
    var where = option == null ? "" : " " + option;

    assertThat(NextCommands.after(migration("Users"), Path.of(folder)))
        .containsExactly(
            "godwit test " + ID + where,
            "godwit run --local --table Users --migration " + ID + where + " --dry-run");
  }

  @Test
  void after_aPattern_leavesTheTableToChoose() {
    assertThat(NextCommands.after(migration("Users-*"), Path.of("migrations")))
        .containsExactly(
            "godwit test " + ID,
            "godwit run --local --table TABLE --migration " + ID + " --dry-run");
  }

  private static NewMigration migration(String table) {
    return NewMigration.of(LocalDate.of(2026, 11, 26), "add-label", table);
  }
}
