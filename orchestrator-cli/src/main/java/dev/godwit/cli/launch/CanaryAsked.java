package dev.godwit.cli.launch;

import dev.godwit.run.Canary;
import java.util.Locale;
import java.util.Map;

/**
 * A canary as a user asks for it, who need not know how many segments there are.
 *
 * @param share how many of them
 * @param waits whether the run waits behind it until it is resumed
 * @param allowed what may happen in it; what is absent is as ever
 */
public record CanaryAsked(Share share, boolean waits, Map<Allowance, Integer> allowed) {
  public CanaryAsked {
    allowed = Map.copyOf(allowed);
  }

  /** A number of segments, or a percentage of all. */
  record Share(double number, boolean isPercent) {
    /** At least one, rounded up. */
    int of(int totalSegments) {
      if (!isPercent) {
        return (int) number;
      }
      return (int)
          Math.min(Canary.MOST_SEGMENTS, Math.max(1, Math.ceil(totalSegments * number / 100)));
    }
  }

  /** What may happen, under the name that users know. */
  enum Allowance {
    AGAIN(Canary.AGAIN_PER_HUNDRED),
    CONFLICTS(Canary.CONFLICTS_PER_HUNDRED),
    THROTTLES(Canary.THROTTLES_PER_HUNDRED),
    GROWTH(Canary.GROWTH_BYTES_PER_ITEM);

    private final int unlessSaid;

    Allowance(int unlessSaid) {
      this.unlessSaid = unlessSaid;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The canary of a run over so many segments.
   *
   * @throws IllegalArgumentException when there is none
   */
  Canary of(int totalSegments) {
    return new Canary(
        share.of(totalSegments),
        waits,
        may(Allowance.AGAIN),
        may(Allowance.CONFLICTS),
        may(Allowance.THROTTLES),
        may(Allowance.GROWTH));
  }

  private int may(Allowance what) {
    return allowed.getOrDefault(what, what.unlessSaid);
  }
}
