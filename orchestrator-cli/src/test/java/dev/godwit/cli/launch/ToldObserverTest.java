package dev.godwit.cli.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.godwit.cli.TestScreen;
import dev.godwit.cli.progress.RunProgress;
import dev.godwit.worker.Unanswered;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ToldObserverTest {
  @Test
  void tableFails_isPassedOnToTheProgressAndNotSaidAtEachTry() {
    var nanos = new AtomicLong();
    var screen = TestScreen.plain();
    var progress = new RunProgress(4, 0, nanos::get);
    var observer = new ToldObserver(progress, screen.screen());

    observer.tableFails("answers HTTP 503");
    nanos.addAndGet(Unanswered.WORTH_TELLING.toNanos());

    assertThat(progress.reading().text()).contains("DynamoDB answers HTTP 503");
    assertThat(screen.err()).isEmpty();
    observer.tableAnswers();
    assertThat(progress.reading().text()).doesNotContain("503");
  }
}
