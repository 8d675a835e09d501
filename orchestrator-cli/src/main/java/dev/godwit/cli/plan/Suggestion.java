package dev.godwit.cli.plan;

/**
 * How to ask for one thing about a run.
 *
 * @param option as in {@code --segments}
 * @param value as in {@code 64}; empty for an option without one, or to leave it out
 * @param isGiven whether the user has said so, and it is not advised
 * @param why so, for people
 */
public record Suggestion(String option, String value, boolean isGiven, String why) {}
