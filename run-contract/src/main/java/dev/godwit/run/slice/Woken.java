package dev.godwit.run.slice;

import java.util.Optional;

/**
 * What a worker answers to a {@link WakeRequest}.
 *
 * @param code the digest of the migration's code
 * @param source where the run's items come from, as it is now, for each of its slices; absent where
 *     that is the table's scan, or code of the migration
 */
public record Woken(String code, Optional<GivenSource> source) {}
