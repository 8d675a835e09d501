package dev.godwit.asl;

/**
 * How far a Map Run is, as DescribeMapRun's {@code itemCounts} say it.
 *
 * <p>{@code total} is always the sum of the others; nothing is counted twice.
 *
 * @param mapRunArn names the Map Run
 * @param stateName the Map state that it belongs to
 * @param pending children not yet started
 */
public record MapRunCounts(
    String mapRunArn,
    String stateName,
    int total,
    int pending,
    int running,
    int succeeded,
    int failed,
    int aborted) {}
