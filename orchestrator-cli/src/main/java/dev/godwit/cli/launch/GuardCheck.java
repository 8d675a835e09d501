package dev.godwit.cli.launch;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.cli.console.Screen;
import dev.godwit.cli.table.DynamoDbConnection;
import dev.godwit.cli.table.SampledItems;
import dev.godwit.migration.Item;
import dev.godwit.run.Guard;
import dev.godwit.run.RunRequest;
import dev.godwit.run.text.TerminalText;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * Asks before a run goes by a version that no item seems to have. A misspelt one would be absent
 * from every item, and so as scanned whatever somebody else writes.
 */
final class GuardCheck {
  /** From all over the table; a few read units. */
  private static final int SAMPLED = 100;

  private final Screen screen;
  private final boolean agreed;

  /**
   * @param agreed whether the user has agreed already
   */
  GuardCheck(Screen screen, boolean agreed) {
    this.screen = screen;
    this.agreed = agreed;
  }

  /**
   * Looks at some items of the table, if {@code request} goes by a version.
   *
   * @throws CommandFailed when the user does not agree or cannot be asked, or when the table cannot
   *     be read
   */
  void check(RunRequest request, DynamoDbConnection connection) {
    if (request.guard() instanceof Guard.Version version) {
      check(request, version, SampledItems.of(connection, request.tableName(), SAMPLED));
    }
  }

  /**
   * As above, for whoever may start a run but perhaps not read its table: then it is only said that
   * nobody has looked.
   */
  void checkIfReadable(RunRequest request, Supplier<DynamoDbConnection> connection) {
    if (request.guard() instanceof Guard.Version version) {
      List<Item> items;
      try {
        items = SampledItems.of(connection.get(), request.tableName(), SAMPLED);
      } catch (CommandFailed e) {
        screen
            .err()
            .println(
                "Whether items have the attribute of --guard "
                    + TerminalText.of(version.toString())
                    + " could not be looked at: "
                    + e.getMessage()
                    + ".");
        return;
      }
      check(request, version, items);
    }
  }

  private void check(RunRequest request, Guard.Version version, List<Item> items) {
    if (items.isEmpty() || items.stream().anyMatch(item -> item.has(version.attribute()))) {
      return;
    }
    var said =
        String.format(
            Locale.ROOT,
            "None of %,d items looked at in %s has the attribute of --guard %s. If nobody else"
                + " keeps it up, nothing tells the run that an item was changed meanwhile",
            items.size(),
            request.tableName(),
            TerminalText.of(version.toString()));
    if (!request.mode().writes() || agreed) {
      screen.err().println(said + ".");
      return;
    }
    boolean goOn =
        screen
            .asked(said + ". Go on all the same?")
            .orElseThrow(
                () ->
                    refused(
                        said
                            + ". Nothing was begun; check the name, or say --yes to go on with it"));
    if (!goOn) {
      throw refused("Nothing was begun");
    }
  }

  private static CommandFailed refused(String why) {
    return new CommandFailed(ExitCode.BAD_USAGE, why);
  }
}
