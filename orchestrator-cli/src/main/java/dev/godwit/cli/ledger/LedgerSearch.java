package dev.godwit.cli.ledger;

import dev.godwit.cli.console.CommandFailed;
import dev.godwit.cli.console.ExitCode;
import dev.godwit.run.ledger.LedgerTags;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/**
 * Finds the ledger in which a run on this machine has to take its table, so that a run on AWS and
 * one here keep each other off it: that of the deployment which owns the table, if there is one.
 *
 * <p>A deployment's ledger is known by its name's beginning, and tells its tables in its tags.
 */
public final class LedgerSearch {
  private final DynamoDbClient client;

  /**
   * @param client closed by who made it
   */
  public LedgerSearch(DynamoDbClient client) {
    this.client = client;
  }

  /**
   * What was found.
   *
   * @param ledgerTable the ledger to use
   * @param doubt why another may be the right one, for people; empty when this one is
   */
  public record Found(String ledgerTable, String doubt) {}

  /**
   * The ledger for {@code tableName}: of the deployment that owns it, else the one of runs on
   * machines.
   *
   * @throws CommandFailed when more than one deployment owns it
   */
  public Found of(String tableName) {
    List<String> owners;
    try {
      owners = deployed().stream().filter(ledger -> tables(ledger).contains(tableName)).toList();
    } catch (SdkException e) {
      return new Found(
          LedgerTable.OF_MACHINES,
          "Whether a deployment owns the table "
              + tableName
              + " cannot be known ("
              + e.getMessage()
              + "), so its runs may not see this one. If there is one, name its ledger with --ledger, or allow"
              + " dynamodb:ListTables, DescribeTable and ListTagsOfResource");
    }
    if (owners.size() > 1) {
      throw new CommandFailed(
          ExitCode.BAD_USAGE,
          "More than one deployment owns the table "
              + tableName
              + ", with the ledgers "
              + String.join(", ", owners)
              + "; say with --ledger which. Nothing was changed");
    }
    return new Found(owners.isEmpty() ? LedgerTable.OF_MACHINES : owners.get(0), "");
  }

  private List<String> deployed() {
    var found = new ArrayList<String>();
    // Tables are listed by name, those behind this one.
    var page = client.listTablesPaginator(list -> list.exclusiveStartTableName(LedgerTags.NAME));
    for (String name : page.tableNames()) {
      if (!name.startsWith(LedgerTags.DEPLOYED_PREFIX)) {
        break;
      }
      found.add(name);
    }
    return found;
  }

  private List<String> tables(String ledgerTable) {
    var arn = client.describeTable(describe -> describe.tableName(ledgerTable)).table().tableArn();
    var tags = new HashMap<String, String>();
    String next = null;
    do {
      String token = next;
      var answer = client.listTagsOfResource(list -> list.resourceArn(arn).nextToken(token));
      for (Tag tag : answer.tags()) {
        tags.put(tag.key(), tag.value());
      }
      next = answer.nextToken();
    } while (next != null);
    return LedgerTags.tables(Map.copyOf(tags));
  }
}
