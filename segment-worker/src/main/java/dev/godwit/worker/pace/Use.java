package dev.godwit.worker.pace;

/** What a budget is for. */
public enum Use {
  READS,
  WRITES
}
