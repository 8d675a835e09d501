package dev.godwit.run.slice;

import dev.godwit.run.Direction;
import java.util.Optional;

/**
 * Asks a worker, before a run begins, whether it is there and which code it has for a migration.
 *
 * @param runId the run that is to begin
 * @param tableName the table to migrate
 * @param migration the id of the migration
 * @param direction which of its transforms
 * @param code the digest that whoever started the run expects; absent when they do not know
 * @param undo the run whose writes are to be taken back; that needs no migration's code
 */
public record WakeRequest(
    String runId,
    String tableName,
    String migration,
    Direction direction,
    Optional<String> code,
    Optional<String> undo) {}
