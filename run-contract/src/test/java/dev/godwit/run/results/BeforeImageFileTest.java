package dev.godwit.run.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BeforeImageFileTest {
  private static final String FOLDER = "runs/r/before-images/segment-00002/";
  private static final String FIRST_TRY = FOLDER + "0000-000000000000000-1764142200000-0000-";
  private static final String SECOND_TRY = FOLDER + "0000-000000000000000-1764142200000-0001-";
  private static final String NEXT_SLICE = FOLDER + "0000-000000000000500-1764142300000-0000-";

  @Test
  void lastFirst_ofFilesOfSeveralTriesAndSlices_isTheOrderInWhichTheyAreTakenBack() {
    var keys =
        List.of(
            file(NEXT_SLICE, 0, 3),
            file(FIRST_TRY, 1, 7),
            file(SECOND_TRY, 0, 5),
            file(FIRST_TRY, 0, 20));

    assertThat(BeforeImageFile.lastFirst(keys))
        .extracting(BeforeImageFile::key)
        .containsExactly(
            file(NEXT_SLICE, 0, 3),
            file(SECOND_TRY, 0, 5),
            file(FIRST_TRY, 1, 7),
            file(FIRST_TRY, 0, 20));
  }

  @Test
  void read_ofAFile_knowsItsPlaceAndHowManyImagesItHolds() {
    var file = BeforeImageFile.read(file(FIRST_TRY, 12, 345)).orElseThrow();

    assertThat(file.number()).isEqualTo(12);
    assertThat(file.images()).isEqualTo(345);
    assertThat(file.before()).isZero();
    assertThat(BeforeImageFile.read(FOLDER + "notes.txt")).isEmpty();
    assertThat(BeforeImageFile.read(FIRST_TRY + "start-end.jsonl")).isEmpty();
  }

  @Test
  void gap_ofAllFiles_isNone() {
    assertThat(gap(file(FIRST_TRY, 0, 1), file(FIRST_TRY, 1, 1), file(SECOND_TRY, 0, 1))).isEmpty();
    assertThat(BeforeImageFile.gap(List.of())).isEmpty();
  }

  @Test
  void gap_ofATryThatLacksAFile_beginsTheKeyOfThatFile() {
    assertThat(gap(file(FIRST_TRY, 0, 1), file(FIRST_TRY, 2, 1)))
        .isEqualTo("the file " + FIRST_TRY + "000001-…");
    assertThat(gap(file(FIRST_TRY, 0, 1), file(NEXT_SLICE, 1, 1)))
        .isEqualTo("the file " + NEXT_SLICE + "000000-…");
  }

  @Test
  void gap_ofASegmentThatLacksAWholeSlice_saysWhichFileKnewOfMore() {
    var last = file(NEXT_SLICE, 0, 5, 20);

    assertThat(gap(file(FIRST_TRY, 0, 20), last)).isEmpty();
    assertThat(gap(file(FIRST_TRY, 0, 12), file(SECOND_TRY, 0, 9), last)).isEmpty();
    assertThat(gap(last)).isEqualTo("some of the 20 before-images that were kept before " + last);
  }

  private static String gap(String... keys) {
    return BeforeImageFile.gap(BeforeImageFile.lastFirst(List.of(keys))).orElse("");
  }

  private static String file(String ofTry, int number, int images) {
    return file(ofTry, number, images, 0);
  }

  private static String file(String ofTry, int number, int images, int before) {
    return "%s%06d-%d-%d-0d3a2b1c-1111-4222-8333-444455556666.jsonl.gz"
        .formatted(ofTry, number, images, before);
  }
}
