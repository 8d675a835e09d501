package dev.godwit.cli.lifecycle;

import dev.godwit.run.RunRequest;
import java.util.List;
import java.util.Optional;

/**
 * A run whose writes can be taken back.
 *
 * @param request what it was asked to do
 * @param code the digest of the code that it ran with, where the ledger has it
 * @param images how many before-images it has kept, which are all there; empty if it kept none
 * @param actions how many actions on other tables it has carried out or kept for later, as counted
 * @param others the other runs of the migration over the table that have changed items and were not
 *     undone, the newest first
 */
public record Undoable(
    RunRequest request,
    Optional<String> code,
    Optional<Long> images,
    long actions,
    List<String> others) {
  public Undoable {
    others = List.copyOf(others);
  }
}
