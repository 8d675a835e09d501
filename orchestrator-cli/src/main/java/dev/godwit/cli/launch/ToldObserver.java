package dev.godwit.cli.launch;

import dev.godwit.cli.console.Screen;
import dev.godwit.cli.run.RunObserver;
import dev.godwit.cli.run.RunState;
import dev.godwit.cli.run.SegmentCounts;
import dev.godwit.cli.run.WriteRate;
import dev.godwit.run.Tally;
import java.util.HashMap;
import java.util.Map;

/** Passes on how far a run is, and says at once what cannot wait for the next reading. */
final class ToldObserver implements RunObserver {
  private final RunObserver progress;
  private final Screen screen;
  private final Map<String, String> told = new HashMap<>();

  ToldObserver(RunObserver progress, Screen screen) {
    this.progress = progress;
    this.screen = screen;
  }

  @Override
  public void pageDone(Tally page) {
    progress.pageDone(page);
  }

  @Override
  public void segmentsAre(SegmentCounts counts) {
    progress.segmentsAre(counts);
  }

  @Override
  public void tableFails(String instead) {
    progress.tableFails(instead);
  }

  @Override
  public void tableAnswers() {
    progress.tableAnswers();
  }

  @Override
  public void placesAre(Map<String, String> places) {
    places.forEach(
        (what, address) -> {
          if (!address.equals(told.put(what, address))) {
            screen.err().println(what + ": " + address);
          }
        });
  }

  @Override
  public void adjusted(String how) {
    screen.err().println(how + ".");
  }

  @Override
  public void rateIs(WriteRate rate) {
    progress.rateIs(rate);
  }

  @Override
  public void stateIs(RunState state) {
    progress.stateIs(state);
  }

  @Override
  public void unanswered(String why) {
    screen.err().println(why + "; asking again.");
    progress.unanswered(why);
  }
}
