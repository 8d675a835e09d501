package dev.godwit.cli.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BetaTest {
  /** Clopper and Pearson's bounds of x in n, which R's binom.test(x, n) answers, to 7 digits. */
  @ParameterizedTest
  @CsvSource({
    "0, 10, 0, 0.3084971",
    "1, 10, 0.002528579, 0.4450161",
    "5, 10, 0.1870860, 0.8129140",
    "10, 10, 0.6915029, 1",
    "3, 1000, 0.0006191, 0.0087416",
  })
  void quantile_ofSharesFound_isAsInTables(int found, int of, double low, double high) {
    double lower = found == 0 ? 0 : Beta.quantile(0.025, found, of - found + 1);
    double upper = found == of ? 1 : Beta.quantile(0.975, found + 1, of - found);

    assertThat(lower).isCloseTo(low, within(2e-6));
    assertThat(upper).isCloseTo(high, within(2e-6));
  }

  /** Two-sided, 95 %: as in any table of Student's t. */
  @ParameterizedTest
  @CsvSource({"1, 12.7062", "2, 4.3027", "9, 2.2622", "30, 2.0423", "1000, 1.9623"})
  void student_ofDegreesOfFreedom_isAsInTables(int freedom, double t) {
    assertThat(Beta.student(freedom)).isCloseTo(t, within(1e-4));
  }
}
