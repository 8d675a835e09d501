package dev.godwit.cli.progress;

/**
 * How far a task is at one moment.
 *
 * @param permille of the task that is done, from 0 to 1000
 * @param text the figures, on one line
 */
public record Reading(int permille, String text) {
  public Reading {
    permille = Math.max(0, Math.min(1000, permille));
  }
}
