package dev.godwit.cli.progress;

import java.io.PrintStream;
import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** A bar that is drawn over itself. */
final class LiveBar implements ProgressView {
  private static final int REDRAWN_EVERY_MILLIS = 100;

  private final ProgressBar bar;

  LiveBar(PrintStream err, String task) {
    bar =
        new ProgressBarBuilder()
            .setTaskName(task)
            .setInitialMax(1000)
            .setStyle(ProgressBarStyle.ASCII)
            .setUpdateIntervalMillis(REDRAWN_EVERY_MILLIS)
            .setEtaFunction(state -> java.util.Optional.<Duration>empty())
            .hideEta()
            .setConsumer(new ConsoleProgressBarConsumer(err))
            .build();
  }

  @Override
  public void show(Reading reading) {
    bar.stepTo(reading.permille());
    bar.setExtraMessage(reading.text());
  }

  @Override
  public void close() {
    bar.close();
  }
}
