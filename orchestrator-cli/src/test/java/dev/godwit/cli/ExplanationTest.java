package dev.godwit.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplanationTest {
  @ParameterizedTest
  @CsvSource({
    "dev/godwit/worker/Gone, false",
    "dev/godwit/cli/run/Gone, false",
    "dev/godwit/migration/Gone, true",
    "dev/godwit/testkit/Gone, true",
    "theirs/Gone, true",
  })
  void of_aMissingClass_isTheMigrationsUnlessItIsGodwitsOwn(String missing, boolean told) {
    assertThat(Explanation.of(new NoClassDefFoundError(missing)).isPresent()).isEqualTo(told);
  }
}
