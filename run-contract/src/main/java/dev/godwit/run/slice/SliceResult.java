package dev.godwit.run.slice;

import dev.godwit.migration.Item;
import dev.godwit.run.Tally;
import java.util.Optional;

/**
 * What a slice has done.
 *
 * @param segment the segment it belongs to
 * @param cursor where the next slice goes on; absent when the segment is finished
 * @param tally of this slice
 * @param segmentTally of the segment up to here
 * @param timeline when the segment has counted that; not to the last counter
 * @param paused whether it ended because the run is paused: the next one is to wait
 */
public record SliceResult(
    int segment,
    Optional<Item> cursor,
    Tally tally,
    Tally segmentTally,
    Timeline timeline,
    boolean paused) {}
