package dev.godwit.worker.fault;

/** What can happen to a request on its way to the table and back. */
enum Fault {
  /** Refused as a whole, for going too fast; not done. */
  THROTTLED,
  /** The same, for what an index can take. */
  THROTTLED_BY_INDEX,
  /** Answered with 500; not done. */
  FAILED,
  /** Answered with 500; done all the same. */
  FAILED_BUT_DONE,
  /** Done; half an answer, then the connection ends. */
  BROKEN_OFF,
  /** Done; the connection ends without an answer. */
  LOST,
  /** Done; the answer takes its time. */
  SLOW,
  /** Done; a byte of the answer has changed, its checksum has not. */
  DAMAGED,
  /** Done; and somewhat later it arrives, and is done, once more. */
  REPEATED_LATER,
  /** Some of its statements, writes or reads are left undone, as the answer says. */
  LEFT_PARTLY_UNDONE
}
