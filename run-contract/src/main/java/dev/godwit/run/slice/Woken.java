package dev.godwit.run.slice;

import java.util.List;
import java.util.Optional;

/**
 * What a worker answers to a {@link WakeRequest}.
 *
 * @param code the digest of the migration's code
 * @param source where the run's items come from, as it is now, for each of its slices; absent where
 *     that is the table's scan, or code of the migration
 * @param hooks what the migration has to do once for the run
 */
public record Woken(String code, Optional<GivenSource> source, List<Hook> hooks) {
  public Woken {
    hooks = List.copyOf(hooks);
  }
}
