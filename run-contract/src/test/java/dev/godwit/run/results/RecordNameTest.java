package dev.godwit.run.results;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecordNameTest {
  private static final String FOLDER = "runs/r/failures/segment-00017/";

  @Test
  void toString_ofAName_isReadBack() {
    var name = new RecordName(2, 1_234_567, 1_764_149_041_123L, 3, "0a1b-end");

    assertThat(name).hasToString("0002-000000001234567-1764149041123-0003-0a1b-end.jsonl");
    assertThat(RecordName.read(FOLDER + name)).contains(name);
    assertThat(RecordName.read(FOLDER + "start-end.jsonl")).isEmpty();
  }

  @Test
  void thatCount_redrivenSlice_overtakesItsEarlierTryAndNothingBefore() {
    var before = key(0, 0, 0, 0, "a-b");
    var failed = key(0, 100, 1, 0, "b-c");
    var beyond = key(0, 100, 1, 0, "c-d");
    var again = key(1, 100, 2, 0, "b-d");

    assertThat(RecordName.thatCount(List.of(again, beyond, failed, before)))
        .containsExactly(before, again);
  }

  @Test
  void thatCount_retriedSliceWithoutFailures_overtakesByHavingBegun() {
    var first = key(0, 100, 1, 0, "b-c");
    var retried = key(0, 100, 1, 1, "begun");

    assertThat(RecordName.thatCount(List.of(first, retried))).isEmpty();
  }

  @Test
  void thatCount_lateTryOfAnEarlierSlice_overtakesNothingOfLaterOnes() {
    var late = key(0, 0, 0, 0, "a-b");
    var later = key(0, 100, 1, 0, "b-c");

    assertThat(RecordName.thatCount(List.of(later, late))).containsExactly(late, later);
  }

  @Test
  void thatCount_sliceThatScannedNothingAndTheNext_areToldApartByWhenTheyWereEntered() {
    var tried = key(0, 100, 1, 3, "b-c");
    var next = key(0, 100, 2, 0, "c-d");

    assertThat(RecordName.thatCount(List.of(tried, next))).containsExactly(next);
  }

  @Test
  void thatCount_otherSegmentsAndNamesOfAnotherForm_areLeftAlone() {
    var other = "runs/r/failures/segment-00018/" + name(0, 100, 1, 0, "b-c");
    var foreign = FOLDER + "start.jsonl";
    var again = key(1, 0, 2, 0, "begun");

    assertThat(RecordName.thatCount(List.of(foreign, again, other)))
        .containsExactlyInAnyOrder(other, foreign);
  }

  /** Against a segment that is played through: what its accepted slices have written counts. */
  @Test
  void thatCount_anySegment_isWhatItsAcceptedSlicesHaveWritten() {
    for (int seed = 1; seed <= 2_000; seed++) {
      var random = new Random(seed);
      var written = new ArrayList<String>();
      var accepted = new ArrayList<String>();
      int position = 0;
      int redrives = 0;
      int clock = 0;
      for (int slices = random.nextInt(8); slices > 0; slices--) {
        int retries = 0;
        clock++;
        boolean isDone = false;
        while (!isDone) {
          var part = "part" + random.nextInt(1_000_000);
          boolean fails = random.nextInt(3) == 0;
          boolean isAgain = redrives > 0 || retries > 0;
          if (fails || isAgain) {
            written.add(key(redrives, position, clock, retries, fails ? part : "begun"));
          }
          isDone = random.nextInt(3) > 0;
          if (isDone) {
            if (fails) {
              accepted.add(written.get(written.size() - 1));
            }
            position += fails ? 1 + random.nextInt(5) : random.nextInt(3);
          } else if (random.nextBoolean()) {
            retries++;
          } else {
            redrives++;
            retries = 0;
            clock++;
          }
        }
      }
      Collections.shuffle(written, random);

      assertThat(RecordName.thatCount(written)).as("seed %s", seed).isEqualTo(accepted);
    }
  }

  private static String key(int redrives, long position, long enteredAt, int retries, String part) {
    return FOLDER + name(redrives, position, enteredAt, retries, part);
  }

  private static RecordName name(
      int redrives, long position, long enteredAt, int retries, String part) {
    return new RecordName(redrives, position, 1_764_149_041_000L + enteredAt, retries, part);
  }
}
