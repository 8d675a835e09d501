package dev.godwit.run.ledger;

/**
 * The attributes of a run's rate document: how fast the run may go at present, and how many of its
 * segments are finished. It is made by whoever writes it first; what it lacks is as the run request
 * says.
 */
public final class RateItem {
  /** The read budget of the whole run. */
  public static final String READ_UNITS_PER_SECOND = "readUnitsPerSecond";

  /** The write budget of the whole run. */
  public static final String WRITE_UNITS_PER_SECOND = "writeUnitsPerSecond";

  /** How many segments are worked on at once, as somebody has set it. */
  public static final String MAX_CONCURRENCY = "maxConcurrency";

  /**
   * Among how many the budget is shared at least: the most that were ever to be at work at once. It
   * only grows, and is written before more are.
   */
  public static final String AT_ONCE = "atOnce";

  /** Whether its slices are to end and wait. */
  public static final String PAUSED = "paused";

  /**
   * How often somebody has changed the above: each change is made on the condition that it is as
   * read.
   */
  public static final String REVISION = "revision";

  /**
   * In a change's item, beside by, at and the budgets from then on: what was changed, for people.
   */
  public static final String CHANGE = "change";

  /** Who changed it last. */
  public static final String BY = "by";

  /** When, ISO-8601. */
  public static final String AT = "at";

  /** Who has paused or resumed it last. */
  public static final String PAUSED_BY = "pausedBy";

  /** The value of {@link #PAUSED_BY} of a run that waits at the gate of its canary. */
  public static final String CANARY_GATE = "the gate of its canary";

  /** When the run came to wait at the gate of its canary, ISO-8601; it does so once. */
  public static final String GATE_AT = "gateAt";

  /** What alarms have to do with a pause; absent for nothing. */
  public static final String ALARM_HOLD = "alarmHold";

  /**
   * A value of {@link #ALARM_HOLD}: paused while an alarm is on, and to be resumed when none is.
   */
  public static final String HELD_BY_ALARM = "held";

  /**
   * A value of {@link #ALARM_HOLD}: somebody has resumed it though an alarm was on, and it is not
   * held again before all alarms were over.
   */
  public static final String HOLD_WAIVED = "waived";

  /** Whether the topic was told that it is paused. {@code hold-on-alarm} and the sweep write it. */
  public static final String PAUSE_TOLD = "pauseTold";

  /** How often throttling has slowed the run's reads. Workers write these, and nobody else. */
  public static final String READS_SLOWED = "readsSlowed";

  /** The same of its writes. */
  public static final String WRITES_SLOWED = "writesSlowed";

  /** After one of the two: units a second that it was slowed to; absent without a budget. */
  public static final String SLOWED_TO = "To";

  /** After one of the two: {@link Slowdown.Limit#word()} of what made it so. */
  public static final String SLOWED_FOR = "For";

  /** After one of the two: when, ISO-8601. */
  public static final String SLOWED_AT = "At";

  /**
   * What the attributes begin with that say how many segments of a group are scanned: {@code
   * scanned-0} to {@code scanned-63}. They only grow.
   */
  public static final String SCANNED_PREFIX = "scanned-";

  /** The same for segments whose deferred actions are done. */
  public static final String ACTIONS_PREFIX = "actions-";

  /**
   * Of an item of a group, beside the rate document: which of its segments are finished; a set of
   * numbers, to which adding one again changes nothing.
   */
  public static final String SEGMENTS = "segments";

  private RateItem() {}
}
