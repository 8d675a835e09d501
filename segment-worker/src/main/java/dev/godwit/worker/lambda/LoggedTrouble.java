package dev.godwit.worker.lambda;

import dev.godwit.run.Tally;
import dev.godwit.run.text.TerminalText;
import dev.godwit.worker.PageListener;
import dev.godwit.worker.Unanswered;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs one line when DynamoDB does nothing of what it is asked, and one when that is over. */
final class LoggedTrouble implements PageListener {
  private static final Logger LOG = LoggerFactory.getLogger(LoggedTrouble.class);

  private final Unanswered unanswered;
  private final Consumer<String> log;
  private boolean logged;

  /** To the function's log. */
  LoggedTrouble() {
    this(System::nanoTime, LOG::warn);
  }

  /** By the clock {@code nanoTime}, which is as {@link System#nanoTime}. */
  LoggedTrouble(LongSupplier nanoTime, Consumer<String> log) {
    this.unanswered = new Unanswered(nanoTime);
    this.log = log;
  }

  @Override
  public void pageDone(int segment, Tally page) {}

  @Override
  public synchronized void unanswered(String instead) {
    unanswered.failed(instead);
    if (!logged) {
      unanswered.told().map(TerminalText::of).ifPresent(this::log);
    }
  }

  private void log(String trouble) {
    log.accept(trouble + "; it is asked again as long as the slice has time");
    logged = true;
  }

  @Override
  public synchronized void answered() {
    unanswered.over();
    if (logged) {
      log.accept("DynamoDB does what it is asked again");
      logged = false;
    }
  }
}
