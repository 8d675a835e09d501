package dev.godwit.run;

/** What a run that exports items is asked with. */
public final class Exporting {
  /** The id under which such runs are kept: no migration has it, for it begins with no date. */
  public static final String MIGRATION = "godwit-export";

  /** A parameter: which items, as a filter expression; all if it is not given. */
  public static final String FILTER = "filter";

  /** A parameter: what the {@code #names} of that stand for, as a JSON object. */
  public static final String FILTER_NAMES = "filterNames";

  /** A parameter: what its {@code :values} stand for, as DynamoDB JSON. */
  public static final String FILTER_VALUES = "filterValues";

  private Exporting() {}
}
