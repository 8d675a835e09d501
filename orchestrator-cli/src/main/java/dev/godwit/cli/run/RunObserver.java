package dev.godwit.cli.run;

import dev.godwit.worker.Tally;

/** Told how far a run is. Called from the engine's threads; must not block. */
public interface RunObserver {
  /** A page has been written; {@code page} counts that page alone. */
  void pageDone(Tally page);

  /** Segments have begun or ended. */
  void segmentsAre(SegmentCounts counts);
}
