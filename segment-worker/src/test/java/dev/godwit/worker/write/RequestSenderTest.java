package dev.godwit.worker.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.run.Counter;
import dev.godwit.run.Tally;
import dev.godwit.worker.TableUnavailable;
import dev.godwit.worker.pace.Deadline;
import dev.godwit.worker.pace.FakeTimer;
import dev.godwit.worker.pace.Pacer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RequestSenderTest {
  private static final Outcome WRITTEN = new Outcome.Written();
  private static final Outcome BUSY = new Outcome.Busy();
  private static final Outcome REFUSED = new Outcome.Refused("error", "message");
  private static final Outcome CONFLICT = new Outcome.Conflict(java.util.Optional.empty());

  @Test
  void send_partOfTheUnitsReported_countsTheRestByTheRules() {
    var tally =
        sent(new Answer(List.of(WRITTEN, WRITTEN, CONFLICT), 2.5, List.of(1, 2), Tally.ZERO));

    assertThat(tally).isEqualTo(Tally.of(Counter.WRITE_UNITS, 2.5 + 10 + 10));
  }

  @Test
  void send_nothingReportedOfWhatCostsNothing_countsNothing() {
    var tally = sent(new Answer(List.of(BUSY, REFUSED, BUSY), 0, List.of(0, 1, 2), Tally.ZERO));

    assertThat(tally).isEqualTo(Tally.ZERO);
  }

  @Test
  void send_aWriteSentTwice_countsItTwice() {
    var first = new Answer(List.of(WRITTEN, BUSY, WRITTEN), 3, List.of(1), Tally.ZERO);
    var again = Answer.of(WRITTEN, OptionalDouble.empty(), Tally.of(Counter.THROTTLES, 1));

    assertThat(sent(first.then(again, List.of(1))))
        .isEqualTo(Tally.of(Counter.WRITE_UNITS, 3 + 10 + 10).plus(Counter.THROTTLES, 1));
  }

  @Test
  void send_oneRequestIsNotAnswered_sendsNoOther() {
    var tried = new ArrayList<String>();
    var down = new TableUnavailable("down", null);

    var sent =
        sender()
            .send(
                List.of("a", "b", "c"),
                new RequestSender.Kind<String>(
                    1,
                    one -> 10,
                    one -> 10,
                    all -> {
                      tried.addAll(all);
                      throw down;
                    }),
                Deadline.NEVER);

    assertThat(tried).containsExactly("a");
    assertThat(sent.trouble()).contains(down);
    assertThat(sent.outcomes()).hasSize(3).containsOnly(new Outcome.Unsettled());
  }

  private static RequestSender sender() {
    return new RequestSender(new Pacer(OptionalDouble.empty(), new FakeTimer()), Runnable::run, 1);
  }

  private static Tally sent(Answer answer) {
    var sender = sender();
    sender.send(
        List.of("a", "b", "c"),
        new RequestSender.Kind<String>(3, one -> 10, one -> 10, all -> answer),
        Deadline.NEVER);
    return sender.takeTally();
  }
}
