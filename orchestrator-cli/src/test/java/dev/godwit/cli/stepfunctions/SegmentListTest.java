package dev.godwit.cli.stepfunctions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SegmentListTest {
  @Test
  void warning_aListThatFitsIntoAStatesData_isNone() {
    assertThat(SegmentList.warning(45_542)).isEmpty();
    assertThat(SegmentList.warning(1)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {45_543, 100_000, 100_001, 873_782})
  void warning_aLongerList_tellsItsBytesAndTheMostThatFits(int segments) throws Exception {
    int bytes = new ObjectMapper().writeValueAsBytes(IntStream.range(0, segments).toArray()).length;

    assertThat(SegmentList.warning(segments))
        .hasValueSatisfying(
            said ->
                assertThat(said)
                    .contains(String.format(java.util.Locale.ROOT, "has %,d bytes", bytes))
                    .contains("at most 45,542 segments"));
  }

  @ParameterizedTest
  @ValueSource(ints = {873_783, 1_000_000})
  void warning_aListThatCannotBeMade_isRefused(int segments) {
    assertThatThrownBy(() -> SegmentList.warning(segments))
        .isInstanceOfSatisfying(
            CommandFailed.class,
            failed -> assertThat(failed.exitCode()).isEqualTo(ExitCode.BAD_USAGE))
        .hasMessageContaining(
            "only of 873,782 at most; give fewer --segments. Nothing was started");
  }
}
