package dev.godwit.cli.run;

/**
 * How many segments of a run have ended.
 *
 * @param total all of them
 * @param succeeded scanned to their end
 * @param failed given up
 */
public record SegmentCounts(int total, int succeeded, int failed) {}
