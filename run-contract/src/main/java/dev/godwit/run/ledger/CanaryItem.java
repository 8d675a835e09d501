package dev.godwit.run.ledger;

/**
 * The attributes of what the segments of a run's canary have come to, each of them counted once:
 * numbers, but for {@link #SEGMENTS}.
 */
public final class CanaryItem {
  /** Which segments are counted: a set of numbers. */
  public static final String SEGMENTS = "segments";

  /** Items offered to the transform. */
  public static final String SCANNED = "scanned";

  /** Items changed, moved, deleted, or put into the target. */
  public static final String WRITTEN = "written";

  /** Items that failed. */
  public static final String FAILED = "failed";

  /** Writes refused because someone else had written first. */
  public static final String CONFLICTS = "conflicts";

  /** Throttled requests, whatever for. */
  public static final String THROTTLES = "throttles";

  /** By how many bytes the items have grown, less those by which they have shrunk. */
  public static final String GROWTH_BYTES = "growthBytes";

  /** Items that were looked at again afterwards. */
  public static final String CHECKED = "checked";

  /** Of these, how many the transform would change, or fail on, again. */
  public static final String AGAIN = "again";

  /** Read units that looking again has consumed. */
  public static final String CHECK_READ_UNITS = "checkReadUnits";

  private CanaryItem() {}
}
