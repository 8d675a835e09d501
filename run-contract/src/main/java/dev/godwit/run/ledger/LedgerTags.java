package dev.godwit.run.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How ledgers are found: by the beginning of their names; and which of them is for a table: by
 * their tags, in which a deployment writes the tables that it owns.
 *
 * <p>The names in a tag are separated by spaces: tags may have letters, white space, digits and
 * {@code + - = . _ : /} (DynamoDB developer guide, "Tagging restrictions in DynamoDB"; read
 * 2026-11-25), and names of tables letters, digits, {@code _ . -}.
 */
public final class LedgerTags {
  /** The ledger of runs on machines; it has no tags. */
  public static final String NAME = "godwit-ledger";

  /** What the names of deployments' ledgers begin with. */
  public static final String DEPLOYED_PREFIX = NAME + "-";

  private static final String FIRST_KEY = "godwit:tables";

  /** Of a tag's value: as above. */
  private static final int LONGEST_VALUE = 256;

  /** Of one resource's tags: as above; a few are left for its owner's. */
  private static final int MOST_TAGS = 40;

  private LedgerTags() {}

  /**
   * The tags, by their keys, that say which tables a ledger is for.
   *
   * @throws IllegalArgumentException when these are too many to be said in tags
   */
  public static Map<String, String> of(List<String> tables) {
    var values = new ArrayList<String>();
    var value = new StringBuilder();
    for (String table : tables) {
      if (value.length() > 0 && value.length() + 1 + table.length() > LONGEST_VALUE) {
        values.add(value.toString());
        value.setLength(0);
      }
      value.append(value.length() == 0 ? "" : " ").append(table);
    }
    if (value.length() > 0) {
      values.add(value.toString());
    }
    if (values.size() > MOST_TAGS) {
      throw new IllegalArgumentException(
          "The names of "
              + tables.size()
              + " tables do not fit into the tags of a ledger; deploy them in two stacks");
    }
    var tags = new LinkedHashMap<String, String>();
    for (int i = 0; i < values.size(); i++) {
      tags.put(i == 0 ? FIRST_KEY : FIRST_KEY + "-" + (i + 1), values.get(i));
    }
    return Collections.unmodifiableMap(tags);
  }

  /** The tables that a ledger with {@code tags} is for. */
  public static List<String> tables(Map<String, String> tags) {
    var tables = new ArrayList<String>();
    tags.forEach(
        (key, value) -> {
          if (key.equals(FIRST_KEY) || key.matches(FIRST_KEY + "-\\d+")) {
            tables.addAll(List.of(value.strip().split(" +")));
          }
        });
    return List.copyOf(tables);
  }
}
