package dev.godwit.cli.pending;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How one migration stands on one table.
 *
 * @param pending whether it is to be run over the table: it is known here, meant for the table, and
 *     the history does not have it as applied
 * @param remarks what else there is to know, in the order of {@link Remark}
 * @param runId the run that made it so; empty if there was none
 * @param at when that run ended, or, while it has not, when it began; ISO-8601
 * @param took from that run's beginning to its end, waits and redrives included
 * @param changed how many items that run has changed, as the ledger has counted: at least once
 * @param failed how many items that run has left as they were, at most
 * @param code the digest of the code that it was applied with, where the history has it
 * @param codeHere the digest of the code that is here; empty if it is not known here
 */
public record Standing(
    String table,
    String migration,
    State state,
    boolean pending,
    List<Remark> remarks,
    Optional<String> runId,
    Optional<String> at,
    Optional<Duration> took,
    OptionalLong changed,
    long failed,
    Optional<String> code,
    Optional<String> codeHere) {
  public Standing {
    remarks = List.copyOf(remarks);
  }

  /** What the history says; of what is not in it, what became of its newest run. */
  public enum State {
    /** It was never run over the table. */
    PENDING("pending"),
    /** It is not in the history, and a run of it goes on, or its books are open. */
    RUNNING("running"),
    /** It is not in the history, and its newest run has failed or was stopped. */
    FAILED("failed"),
    PARTIAL("partial"),
    UNDONE("undone"),
    APPLIED("applied");

    private final String word;

    State(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }

  /** What is to be known of a migration beside its state. */
  public enum Remark {
    /** It is pending, though one with a later id is applied. It is run all the same. */
    OUT_OF_ORDER("out of order"),
    /** It is applied, but the code here is not the code that was applied. */
    CHANGED_SINCE("changed since"),
    /** It is in the history, but not among the migrations here. */
    MISSING_HERE("missing here"),
    /** A run of it that began later, to apply it again or to undo it, goes on. */
    LATER_RUN_GOES_ON("a later run goes on"),
    /** A run of it that began later, to apply it again or to undo it, has failed. */
    LATER_RUN_FAILED("a later run failed");

    private final String words;

    Remark(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }
}
