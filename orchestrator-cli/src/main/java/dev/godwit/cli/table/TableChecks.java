package dev.godwit.cli.table;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.run.Guard;
import dev.godwit.run.RunRequest;
import dev.godwit.run.ledger.LedgerTags;
import java.util.Collection;

/** What is refused before a run, for its table is not one for it. */
public final class TableChecks {
  private TableChecks() {}

  /**
   * Refuses to migrate the ledger itself, and to write attributes that no write can change.
   *
   * @param keys the names of the table's key attributes
   * @throws CommandFailed when {@code request} asks for that
   */
  public static void check(RunRequest request, Collection<String> keys, String ledgerTable) {
    refuseLedger(request.tableName(), ledgerTable, "it cannot be migrated");
    request
        .target()
        .ifPresent(there -> refuseLedger(there.tableName(), ledgerTable, "it cannot be a target"));
    request.stamp().ifPresent(name -> checkKey("--stamp " + name, name, request, keys));
    if (request.guard() instanceof Guard.Version version) {
      checkKey("--guard " + version, version.attribute(), request, keys);
    }
  }

  private static void refuseLedger(String table, String ledgerTable, String so) {
    if (table.equals(ledgerTable)
        || table.equals(LedgerTags.NAME)
        || table.startsWith(LedgerTags.DEPLOYED_PREFIX)) {
      throw refused(
          "The table " + table + " is the ledger, which runs write while they go on; " + so);
    }
  }

  private static void checkKey(
      String option, String attribute, RunRequest request, Collection<String> keys) {
    if (keys.contains(attribute)) {
      throw refused(
          option
              + " names a key attribute of "
              + request.tableName()
              + ", which no write can change; name another attribute");
    }
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why + ". Nothing was begun");
  }
}
