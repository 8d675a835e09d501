package dev.godwit.migration;

/**
 * Another table, which a run puts its items into instead of changing them where they are.
 *
 * <p>What the transform says of an item is then about that table: an item that it keeps is put as
 * it is, one that it replaces is put as the replacement, and one that it deletes is left out. The
 * run's own table is only read. The key attributes may be other ones than there: each item that is
 * put must have them.
 *
 * @param tableName the table's name
 * @param put what becomes of an item that is there already
 */
public record Target(String tableName, Put put) {
  public Target {
    if (tableName.isEmpty() || tableName.startsWith("arn:")) {
      throw new IllegalArgumentException(
          "A target is a table's name, as in Cities-2, not \"" + tableName + "\"");
    }
  }

  /** The table {@code tableName}, in which nothing is overwritten. */
  public static Target table(String tableName) {
    return new Target(tableName, new Put.IfAbsent());
  }

  /** The same, but whatever is there is overwritten: the last item that is put to a key stays. */
  public Target overwriting() {
    return new Target(tableName, new Put.Always());
  }

  /**
   * The same, but what is there is overwritten where it is older.
   *
   * @param attribute whose value grows with each new state of an item: a number, a text or bytes,
   *     as DynamoDB compares them
   */
  public Target replacingOlderBy(String attribute) {
    return new Target(tableName, new Put.ReplaceOlder(attribute));
  }

  /** What becomes of an item that is there already, where another is to be put. */
  public sealed interface Put {
    /** It stays. */
    record IfAbsent() implements Put {
      @Override
      public String toString() {
        return "if-absent";
      }
    }

    /** It is overwritten. */
    record Always() implements Put {
      @Override
      public String toString() {
        return "always";
      }
    }

    /** It is overwritten if its {@code attribute} is less than that of the new one. */
    record ReplaceOlder(String attribute) implements Put {
      public ReplaceOlder {
        if (attribute.isEmpty()) {
          throw new IllegalArgumentException(
              "put replace-older needs an attribute, as in replace-older:updatedAt");
        }
      }

      @Override
      public String toString() {
        return "replace-older:" + attribute;
      }
    }

    /**
     * The rule written {@code text}: {@code if-absent}, {@code always} or {@code
     * replace-older:<attribute>}.
     *
     * @throws IllegalArgumentException when there is none
     */
    static Put of(String text) {
      if (text.equals("if-absent")) {
        return new IfAbsent();
      }
      if (text.equals("always")) {
        return new Always();
      }
      if (text.startsWith("replace-older:")) {
        return new ReplaceOlder(text.substring("replace-older:".length()));
      }
      throw new IllegalArgumentException(
          "put must be if-absent, always or replace-older:<attribute>, not \"" + text + "\"");
    }
  }
}
